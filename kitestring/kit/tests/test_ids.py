"""Keys are of version 7, differ, and sort as they were made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kitestring.kit import clock, ids


def test_a_key_tells_its_version_and_its_moment() -> None:
    before, key, after = clock.now(), ids.uuid7(), clock.now()
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    made = ids.EPOCH + timedelta(milliseconds=key.int >> 80)
    assert before - timedelta(milliseconds=1) <= made <= after


def test_keys_made_within_one_millisecond_sort_as_they_were_made(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [clock.now().replace(microsecond=1000) + timedelta(microseconds=step) for step in range(1000)]
    monkeypatch.setattr(ids, "now", iter(moments).__next__)
    keys = [ids.uuid7() for _ in moments]
    assert keys == sorted(keys)


def test_keys_of_one_moment_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clock.now()
    monkeypatch.setattr(ids, "now", lambda: moment)
    assert len({ids.uuid7() for _ in range(1000)}) == 1000
