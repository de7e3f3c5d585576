"""An address keeps what its caller encoded, and is judged all the same."""

from __future__ import annotations

import pytest

from kitestring.kit.http.errors import HostRefused
from kitestring.kit.http.guard import check_url


@pytest.mark.parametrize(
    ("asked", "called"),
    [
        (
            "https://a.example/posts/urn%3Ali%3A1?ids=List(urn%3Ali%3A2)",
            "https://a.example/posts/urn%3Ali%3A1?ids=List(urn%3Ali%3A2)",
        ),
        ("https://a.example:8443/%28x%29", "https://a.example:8443/%28x%29"),
        ("https://a.example/trà sen", "https://a.example/tr%C3%A0%20sen"),
        ("https://a.example/trà%3A1", "https://a.example/tr%C3%A0:1"),
    ],
)
def test_what_was_encoded_stays_so(asked: str, called: str) -> None:
    assert str(check_url(asked, ("a.example",), False)) == called


@pytest.mark.parametrize(
    "asked", ["https://b.example/%3A", "http://a.example/%3A", "https://u:p@a.example/%3A"]
)
def test_the_judgement_is_the_same(asked: str) -> None:
    with pytest.raises(HostRefused):
        check_url(asked, ("a.example",), False)
