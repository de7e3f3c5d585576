"""No secret reaches a log."""

from __future__ import annotations

import logging

import pytest

from kitestring.kit.http import Client, NotSent, redact_headers, redact_url


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example/cgi-bin/token?grant_type=client_credential&appid=1&secret=hush",
        "https://api.example/x?access_token=hush",
        "https://api.example/bot123456:hush-hush-hush/sendMessage",
        "https://name:hush@api.example/",
        "https://api.example/incoming/7/" + "hush_-" * 12 + "?wait=true",
        "https://api.example/services/T01/B02/x7HhushhushhushhushhushQ",
        "https://api.example/x?appsecret_proof=hush",
        "https://api.example/x?JWT=hush",
        "https://api.example/x?q=" + "hush.hush/" * 8,
        "https://api.example/x#access_token=hush",
        "https://api.example/incoming/7/" + "hush_-" * 12 + "/messages/12",
    ],
)
def test_addresses_are_shown_without_their_secrets(url: str) -> None:
    assert "hush" not in redact_url(url)
    assert "api.example" in redact_url(url)


def test_headers_are_shown_without_their_secrets() -> None:
    shown = redact_headers({"Authorization": "Bearer hush", "X-Api-Key": "hush", "Accept": "text/html"})
    assert shown == {"Authorization": "***", "X-Api-Key": "***", "Accept": "text/html"}


async def test_an_error_does_not_tell_the_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with Client(("127.0.0.1",), allow_loopback=True) as client:
        with pytest.raises(NotSent) as caught:
            await client.request(
                "GET", "http://127.0.0.1:1/bot123456:hushhushhush/x", params={"token": "hush"}
            )
    assert "hush" not in str(caught.value)
    assert "hush" not in caplog.text
