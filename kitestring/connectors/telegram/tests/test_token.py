"""The bot's token is part of every address: no refusal, and nothing it was raised from, shows it in a log."""

from __future__ import annotations

import traceback
from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectors.telegram.client import Bot
from kitestring.kit.http import Client, NoAnswer, NotSent

TOKEN = "8812:AAH_word"


@pytest.mark.parametrize("lost", [NotSent, NoAnswer])
@pytest.mark.parametrize("write", [True, False])
async def test_a_call_that_was_lost(lost: type[Exception], write: bool) -> None:
    class Lost:
        async def request(self, _method: str, url: str, **_: Any) -> None:
            raise lost(f"{url} could not be reached")

    caller = Bot(cast(Client, Lost()), "https://telegram.test", TOKEN)
    with pytest.raises(ConnectorError) as caught:
        await caller.call("getMe", write=write)
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.said + repr(caller)
    assert TOKEN not in shown
    assert "/bot***/getMe" in caught.value.said
