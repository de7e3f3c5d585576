"""What the quick JSON does not read or write, the patient one does."""

from __future__ import annotations

import pytest

from kitestring.kit.http.answer import Answer
from kitestring.kit.http.bodies import _json
from kitestring.kit.http.errors import NotJson


def _read(body: bytes) -> object:
    return Answer(200, {}, body).json()


def test_half_of_an_emoji_does_not_lose_the_answer() -> None:
    assert _read(b'{"id": "1", "text": "\\ud83d"}') == {"id": "1", "text": "\ud83d"}
    assert b"\\ud83d" in _json({"text": "\ud83d"})


def test_utf_16_is_read() -> None:
    assert _read('{"id": "1"}'.encode("utf-16")) == {"id": "1"}


def test_a_huge_number_is_written_whole() -> None:
    assert _json({"id": 2**70}) == b'{"id": 1180591620717411303424}'


def test_letters_go_out_as_they_are() -> None:
    assert _json({"status": "cà phê 咖啡"}) == '{"status":"cà phê 咖啡"}'.encode()


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"id": 1', b"[" * 100_000])
def test_what_is_no_json_is_told_so(body: bytes) -> None:
    with pytest.raises(NotJson):
        _read(body)
