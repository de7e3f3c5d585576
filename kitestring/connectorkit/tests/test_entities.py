"""Mentions, hashtags, cashtags and addresses by the letter, and how far a text fits: a few cases that need no set."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitestring.connectorkit import entities
from kitestring.connectorkit.addresses import is_address
from kitestring.connectorkit.counting import count
from kitestring.connectorkit.weighing import Rules, examine, weigh


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cảm ơn @hien_cafe và @a_b!", ["hien_cafe", "a_b"]),
        ("谢谢@qinglan的茶", ["qinglan"]),
        ("viết cho an@vidu.vn", []),
        ("@hiên không phải là một tên", []),
        ("RT@lan: hay quá", ["lan"]),
        ("@a@b", []),
        ("@http://x.vn", []),
        ("@lan/ban-be đọc nhé", ["lan"]),
    ],
)
def test_mentions(text: str, found: list[str]) -> None:
    assert [one.name for one in entities.mentions(text)] == found
    assert all(text[one.start : one.end] == f"@{one.name}" for one in entities.mentions(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#cà_phê và #trà", ["cà_phê", "trà"]),
        (unicodedata.normalize("NFD", "#cà_phê"), [unicodedata.normalize("NFD", "cà_phê")]),
        ("喝茶#新茶", []),
        ("喝茶 #新茶 #2026 #2026年", ["新茶", "2026年"]),
        ("https://vidu.vn/#tra", []),
        ("#a#b", []),
        ("5️⃣#️⃣ #️⃣a", []),
        ("#می\u200cخواهم", ["می\u200cخواهم"]),
        ("&#169;", []),
    ],
)
def test_hashtags(text: str, found: list[str]) -> None:
    assert [one.name for one in entities.hashtags(text)] == found


def test_cashtags_lists_and_answers() -> None:
    assert [one.name for one in entities.cashtags("$VNM tăng, $5 không, a$B không, $FPT.VN.")] == [
        "VNM",
        "FPT.VN",
    ]
    [club] = entities.mentions("vào @lan/ban-tra nhé", lists=True)
    assert (club.name, club.list_of, club.end) == ("lan", "/ban-tra", 16)
    assert entities.replied_to("\u3000@lan chào") == "lan"
    assert entities.replied_to("chào @lan") == entities.replied_to("@lan@x.vn") == ""
    assert entities.is_list("@lan/ban-tra")
    assert not entities.is_mention("@lan/ban-tra")
    assert entities.is_hashtag("#trà")
    assert not entities.is_hashtag("#trà sen")
    assert not any(test("") for test in (entities.is_mention, entities.is_list, entities.is_hashtag))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://vidu.vn/thực-đơn", False),
        ("https://vidu.vn/th%E1%BB%B1c?a=b#c", True),
        ("https://例.中国/", True),
        ("http://10.0.0.256/", False),
        ("http://[::1]:8000/", True),
        ("http://a..vn/", False),
        ("http://vn", False),
        ("javascript://vidu.vn/", False),
        ("vidu.vn", False),
    ],
)
def test_a_whole_address(text: str, address: bool) -> None:
    assert is_address(text) is address
    assert is_address("vidu.vn", scheme=False)


def test_how_far_a_text_fits() -> None:
    found = examine("ế" * 141)
    assert (found.weight, found.taken, found.fits_to, found.per_mille) == (282, False, 140, 1007)
    assert examine("a" * 279 + "🍵").fits_to == 279
    assert examine("a" * 278 + "🍵").fits_to == 280
    assert examine("x" * 250 + " https://vidu.vn/" + "a" * 90).taken
    assert not examine("a\uffffb").sound
    assert not examine("").taken


TEXTS = st.lists(
    st.sampled_from(["Tết ", "新茶", "🍵", "👍🏽", "🇻🇳", "e\u0301", "https://x.vn/a ", "vidu.vn", "\r\n", "\ufeff", "#a "])
).map("".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(TEXTS, st.text(max_size=60)))
def test_what_is_looked_at_closely_weighs_the_same(text: str) -> None:
    for rules in (Rules(), Rules(whole_emoji=False), Rules(most=140, scale=1, light=1, heavy=1, ranges=())):
        found = examine(text, rules)
        assert found.weight == weigh(text, rules)
        assert 0 <= found.fits_to <= count(text, "utf16") or "\r" in text
        assert not found.taken or found.fits_to == count(text, "utf16")
