"""Which address in a text leads to a domain of one's own, beside Chinese letters and behind tricks."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.addresses import leads_to


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("看这里https://vidu.example/tra，今天", True),
        ("Xem http://www.VIDU.example nhé", True),
        ("vidu.example", False),
        ("https://vidu.example.evil.test/", False),
        ("https://evilvidu.example/", False),
        ("https://evil.test/?to=https.vidu.example", False),
        ("https://vidu.example@evil.test/", False),
        ("https://vidu.example:pass@evil.test/", False),
        ("https://an:pass@vidu.example:8443/", True),
        ("Xem https://shop.vidu.example, nhé", True),
        ("到店：https://vidu.example。", True),
        ("", False),
    ],
)
def test_which_link_is_our_own(text: str, own: bool) -> None:
    assert leads_to(text, ["vidu.example"]) is own


@pytest.mark.parametrize(
    "text", ["https://" + "a@" * 50_000, "https://" + "a.b@c" * 40_000, "https://" * 20_000]
)
def test_hostile_texts_lead_nowhere(text: str) -> None:
    assert not leads_to(text, ["vidu.example"])
