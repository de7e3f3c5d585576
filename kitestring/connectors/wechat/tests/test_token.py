"""The account's token is a parameter of every address: no refusal, and nothing it was raised from, shows it in a log."""

from __future__ import annotations

import traceback
from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectors.wechat.client import App
from kitestring.kit.http import Client, NoAnswer

TOKEN = "76_abcdef"


async def test_a_call_that_was_lost() -> None:
    class Lost:
        async def request(self, _method: str, url: str, **more: Any) -> None:
            raise NoAnswer(f"{url}?access_token={more['params']['access_token']} hung up")

    with pytest.raises(ConnectorError) as caught:
        await App(cast(Client, Lost()), "https://wechat.test", "wx1", "s", TOKEN).call("/cgi-bin/x")
    assert TOKEN not in "".join(traceback.format_exception(caught.value)) + caught.value.said
    assert "access_token=***" in caught.value.said
