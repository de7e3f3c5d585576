"""One delivery, one record key: the same on every try, another for every other delivery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from kitestring.connectors.bluesky.keys import parts, tid

STAMP = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
WHEN = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))  # noqa: DTZ001 - hypothesis wants it so


@given(st.uuids(), WHEN)
def test_a_key_has_the_shape_the_protocol_wants(key: UUID, stamp: datetime) -> None:
    assert regex.fullmatch(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", tid(key, stamp))
    assert tid(key, stamp) == tid(key, stamp)


def test_deliveries_of_the_same_moment_have_different_keys() -> None:
    dice = Random(
        7
    )  # of a million keys in one millisecond three hundred thrown anew would meet in one run of twenty
    assert len({tid(UUID(int=dice.getrandbits(128)), STAMP) for _ in range(300)}) == 300


def test_keys_sort_by_their_moment() -> None:
    made = [tid(UUID(int=5), STAMP + timedelta(seconds=n)) for n in range(5)]
    assert made == sorted(made)


def test_an_address_is_taken_apart() -> None:
    assert parts("at://did:plc:a/app.bsky.feed.post/3k") == ("did:plc:a", "3k")
    for wrong in ("", "https://x/y/z", "at://did:plc:a/app.bsky.feed.post", "at:////"):
        with pytest.raises(ValueError, match="no address"):
            parts(wrong)
