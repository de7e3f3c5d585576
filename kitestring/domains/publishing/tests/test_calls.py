"""What a connector gave back, taken as the ledger can use it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from kitestring.connectorkit.contract import Published
from kitestring.connectorkit.hooks import Knock
from kitestring.domains.publishing.actions import call
from kitestring.domains.publishing.rules.answers import Live, Unclear


async def answered(outcome: Any) -> Any:
    async def calling() -> Any:
        return outcome

    return await call._answer(calling(), time.monotonic() + 60)


@pytest.mark.parametrize("remote_id", ["", "  ", "x" * 501])
async def test_an_id_that_no_post_can_be_known_by_is_looked_up(remote_id: str) -> None:
    said = await answered(Published(remote_id))
    assert isinstance(said, Unclear)
    assert said.reason == "odd_id"
    assert isinstance(await answered(Published("7")), Live)


def test_a_call_does_not_tell_its_secrets_when_it_is_printed() -> None:
    knock = Knock("POST", {"secret": "hush"}, {"x-signature": "hush"}, b"hush")
    assert "hush" not in repr(knock)
