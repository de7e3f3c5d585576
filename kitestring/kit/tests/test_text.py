"""Nothing typed breaks the database, nothing meant is lost."""

import pytest

from kitestring.kit.text import clean, decode, same_words


def test_keeps_scripts_joiners_and_directions() -> None:
    text = "مرحبا \u200f👨\u200d👩\u200d👧 cà phê"
    assert clean(text) == text


def test_drops_what_postgres_refuses_and_composes() -> None:
    assert clean("a\x00b\r\nc\ud800 cà") == "ab\nc cà"


def test_same_words_ignores_width_case_marks_between_and_zero_width() -> None:
    assert same_words("ＨELLO, wor\u200bld!") == same_words("hello world")
    assert same_words("最😊好") == same_words("最好")
    assert same_words("nhất") != same_words("nhat")
    assert same_words("👍") == "👍"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("点子".encode("gb18030"), "点子"),
        ("ý tưởng".encode(), "ý tưởng"),
        (b"\xef\xbb\xbfidea", "idea"),
        ("idea".encode("utf-16"), "idea"),
    ],
)
def test_reads_the_encodings_people_send(raw: bytes, text: str) -> None:
    assert decode(raw) == text
