"""Counting as the channels count: by their own conformance sets where they publish one."""

from __future__ import annotations

import time
import unicodedata
from datetime import date
from typing import Any, get_args

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from twitter_text import parse_tweet
from twitter_text.regexp.emoji import emoji_list

from kitestring.connectorkit import graphemes
from kitestring.connectorkit.counting import (
    Heavy,
    count,
    measure,
    remaining,
    surely_fits,
    tags_length,
    why_heavier,
)
from kitestring.connectorkit.links import links, spans
from kitestring.connectorkit.manifest import TextLimit, Unit
from kitestring.connectorkit.uncut import whole

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "unit", "length"),
    [
        ("Tết đến rồi", "grapheme", 11),
        (unicodedata.normalize("NFD", "Tết đến rồi"), "grapheme", 11),
        ("Tết đến rồi", "weighted", 14),
        ("新茶", "weighted", 4),
        (FAMILY, "grapheme", 1),
        (FAMILY, "codepoint", 7),
        (FAMILY, "utf16", 11),
        (FAMILY, "utf8", 25),
        (FAMILY, "weighted", 2),
        ("🇻🇳🇨🇳", "weighted", 4),
        ("©", "weighted", 1),
        ("©️", "weighted", 2),
        ("xem https://vidu.vn/rat-dai-" + "a" * 100, "weighted", 27),
        ("新茶上市 new", "cjk_half", 6),
        ("tea", "cjk_half", 2),
        ("a\r\nb", "grapheme", 3),
        ("", "cjk_half", 0),
        ("é", "cjk_half", 1),
        ("e\u0301", "cjk_half", 2),
        ("🍵", "cjk_half", 2),
        ("🇻🇳", "cjk_half", 4),
        ("字" * 140, "cjk_half", 140),
        ("ab" * 140, "cjk_half", 140),
        ("ab" * 140 + "a", "cjk_half", 141),
        ("Tết 🍵", "utf8_emoji", 8),
        (FAMILY, "utf8_emoji", 25),
        ("🇻🇳", "utf8_emoji", 8),
        ("5️⃣", "utf8_emoji", 7),
        ("👍🏽", "utf8_emoji", 8),
        ("❤️", "utf8_emoji", 6),
        ("新茶5 #*", "utf8_emoji", 6),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "grapheme", 1),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "weighted", 2),
        ("🏴\U000e0068\U000e0069\U000e007f", "weighted", 8),
        ("5️⃣#️⃣", "weighted", 4),
        ("👍🏽🏽", "weighted", 4),
        ("🇻🇳🇨", "weighted", 4),
        ("👨\u200d" * 8 + "👨", "weighted", 8),
        ("\u200f\u202aשלום\u202c", "weighted", 10),
        ("\u200f\u202aשלום\u202c", "codepoint", 7),
        ("\ud83d", "utf16", 1),
        ("a\ud83d\ude00b", "grapheme", 4),
        ("a\ud83d", "utf8", 4),
        ("a\ud83d.com", "weighted", 7),
        ("a\ud83d", "utf8_emoji", 2),
        ("a\ud83d", "cjk_half", 2),
        ("\u1ee9" + "u\u031b\u0301", "weighted", 4),
        ("u\u031b\u0301", "codepoint", 3),
        ("u\u031b\u0301", "grapheme", 1),
    ],
)
def test_units(text: str, unit: Any, length: int) -> None:
    assert count(text, unit) == length


def test_a_link_may_weigh_the_same_everywhere() -> None:
    text = "Thực đơn: https://vidu.vn/thuc-don nhé"
    assert count(text, "grapheme", url_weight=23) == len("Thực đơn:  nhé") + 23


def test_a_host_may_have_letters_of_any_age() -> None:
    assert count("🍵.ws", "weighted") == 2 + 3
    assert count("https://🍵.ws", "weighted") == 23
    assert count("https://" + "茶" * 70 + ".cn", "weighted") > 140
    assert links("https://xn--茶.cn") == []


def test_a_bare_address_is_a_link_only_where_everything_weighs() -> None:
    assert count("example.com", "weighted") == 23
    assert count("xem example.com/trà-sen nhé", "weighted") == len("xem  nhé") + 23
    assert count("example.com", "grapheme", url_weight=23) == 11
    assert count("https://example.com", "grapheme", url_weight=23) == 23


@pytest.mark.parametrize(
    ("tags", "length"),
    [([], 0), (["trà"], 3), (["trà", "phê"], 7), (["trà sen", "x"], 11), (["新茶　上市"], 7)],
)
def test_tags_count_with_their_commas_and_quotes(tags: list[str], length: int) -> None:
    assert tags_length(tags) == length


def test_a_far_mention_may_count_without_its_host() -> None:
    text = "cảm ơn @lan@mastodon.example nhé"
    assert count(text, "grapheme", mentions_without_host=True) == len("cảm ơn @lan nhé")


def limit(**more: Any) -> TextLimit:
    return TextLimit(source="test", checked_on=date(2026, 11, 21), **more)


def test_what_is_left_and_what_is_over() -> None:
    both = limit(limit=300, unit="grapheme", also_bytes=3000)
    assert remaining("trà", both) == 297
    assert measure(FAMILY * 200, both).over == 0
    assert measure(FAMILY * 200, both).bytes_over == 2000
    assert remaining(FAMILY * 200, both) == -2000
    assert remaining("x" * 310, both) == -10


def test_why_a_vietnamese_text_is_longer_on_x() -> None:
    assert why_heavier("Tết đến rồi https://例.中国/xem") == [Heavy("vietnamese", ("ế", "ồ"), 3)]
    assert why_heavier("plain café") == []
    assert [h.kind for h in why_heavier("茶 🍵")] == ["emoji", "cjk"]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("aớế茶 \n,ü"), max_size=60))
def test_the_reasons_add_up_to_the_weight(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    assert count(text, "weighted") == len(normal) + sum(h.times for h in why_heavier(text))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_against_the_independent_parser(text: str) -> None:
    """`twitter-text-parser` knows the emoji of 2021 only; texts with others are left out."""
    if any(unicodedata.category(letter) in ("So", "Sk", "Cn", "Co", "Cs") for letter in text):
        return
    assert count(text, "weighted") == parse_tweet(text).weightedLength


@pytest.mark.parametrize(
    "text",
    [
        "a." * 40_000,
        "http://a." * 8_000,
        "@a" * 40_000,
        "https://a.com/" + "," * 80_000,
        "a.com " * 5_000,
        "1 " * 40_000,
        "1" * 80_000,
        "#_" * 40_000,
        "#" + "1_" * 40_000,
        "+1 (2) " * 10_000,
        "$ € " * 20_000,
        "@_." * 30_000,
        "🇻" * 40_000,
        "一" * 40_000,
        "一点" * 20_000,
        "１，２９９" * 10_000,
        "0912 345 678/" * 5_000,
        "https://a.vn/路" * 4_000,
        "https://a.vn/" + "(路" * 20_000,
        "a.vn/路(" * 4_000,
        "@张#茶" * 10_000,
    ],
    ids=[
        "dots",
        "schemes",
        "ats",
        "commas",
        "links",
        "numbers",
        "figures",
        "signs",
        "tag",
        "calls",
        "prices",
        "names",
        "flags",
        "numerals",
        "hours",
        "wide",
        "telephones",
        "paths",
        "brackets",
        "open paths",
        "glued",
    ],
)
def test_hostile_texts_are_counted_in_linear_time(text: str, record_property: Any) -> None:
    """Four times the text takes about four times the work: far from the quadratic sixteen (two sizes are compared)."""

    def took(sample: str) -> float:
        best = 9e9
        for _ in range(3):
            before = time.process_time()
            whole(sample, lambda stretch: count(stretch, "grapheme") <= 280)
            count(sample, "weighted")
            count(sample, "grapheme")
            best = min(best, time.process_time() - before)
        return best

    ratio = took(text) / max(took(text[: len(text) // 4]), 1e-4)
    record_property("ratio", ratio)
    assert ratio < 11


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("🇻🇳a茶👨🏽\u200d\u0301\ufe0f\u0600क्\r\n가\u11a8\ud83d"), max_size=30))
def test_graphemes_end_where_the_regex_library_ends_them(text: str) -> None:
    assert list(graphemes.ends(text)) == [match.end() for match in regex.finditer(r"\X", text)]
    assert count(text, "grapheme") == len(regex.findall(r"\X", text))


KNOWN = [e.emoji for e in emoji_list if e.status == "fully-qualified"]
BITS = [
    "Tết ", "新茶，", "u\u031b\u0301", "vidu.vn ", "https://例.中国/a?b=1 ", "@lan ", "#trà ", "1.200.000\u20ab ", "\r\n",
    "\u200f", "…", "(a.com)", "a@b.com ", "http://t.co/abc", "。 ", "3.5 ", "- ", "_ ", ". ",
]  # fmt: skip
MIXED = st.lists(
    st.one_of(st.sampled_from([f"{emoji} " for emoji in KNOWN]), st.sampled_from(BITS)), max_size=20
).map("".join)


@settings(max_examples=300, deadline=None)
@given(MIXED)
def test_mixed_texts_against_the_independent_parser(text: str) -> None:
    """A blank behind each emoji, hyphen and stop: what the parser makes of host names that touch them is its own."""
    assert count(text, "weighted") == parse_tweet(text).weightedLength


@pytest.mark.parametrize("emoji", KNOWN[::7])
def test_every_emoji_of_the_list_weighs_two(emoji: str) -> None:
    assert count(emoji, "weighted") == 2
    assert count(f"a{emoji}{emoji}b", "weighted") == 6
    assert count(emoji, "grapheme") == 1
    assert count(emoji, "utf8_emoji") == len(emoji.encode())


def test_an_inner_address_is_a_link_but_not_on_x() -> None:
    text = "xem http://127.0.0.1:8420/l/abc và https://vidu.example/trà nhé"
    assert [s.text for s in spans(text)] == ["http://127.0.0.1:8420/l/abc", "https://vidu.example/trà"]
    assert links(text) == []


def test_spans_of_a_mixed_text() -> None:
    text = "Ghé @quan.bsky.social, xem https://x.vn/a。 giá 45.000đ 25% #cà_phê #话题# a@b.com @me@mas.to."
    assert [(s.kind, s.text) for s in spans(text)] == [
        ("mention", "@quan.bsky.social"),
        ("link", "https://x.vn/a"),
        ("number", "45.000đ"),
        ("number", "25%"),
        ("hashtag", "#cà_phê"),
        ("hashtag", "#话题#"),
        ("mention", "@me@mas.to"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gọi +84 912 345 678 hoặc (028) 3822 1234", ["+84 912 345 678", "(028) 3822 1234"]),
        ("2026年11月30日上午9点30分，3.5万元起", ["2026年11月30日", "9点30分", "3.5万元"]),
        ("价VND 1.200.000或¥3,999", ["VND 1.200.000", "¥3,999"]),
        ("45.000đ, 25 %, 3tr, 50 km, 50 Kg, 50 kgx", ["45.000đ", "25 %", "3tr", "50 km", "50 Kg", "50"]),
        ("1，2，3、１，２，３", ["1", "2", "3", "１", "２", "３"]),
        ("下午三点半，两千多元；万一一个人来", ["三点半", "两千多元", "万一一个"]),
        ("090 123 45 67, 0912 345 678/0987 654 321", ["090 123 45 67", "0912 345 678/0987 654 321"]),
        ("2,5 tỉ đồng, 300 nghìn đồng; 1tr5; 5 kg", ["2,5 tỉ đồng", "300 nghìn đồng", "1tr5", "5 kg"]),
        ("1234 5678.901.234", ["1234 5678.901.234"]),
        ("今天#新茶 #好#1 #1# #️⃣x &#169;", ["#新茶", "#好", "#1", "#1#", "#169"]),
        ("感谢@小明，@Nguyễn.Lan. a@b.vn Lan@x", ["@小明", "@Nguyễn.Lan"]),
        ("#می\u200cخواهم 5️⃣", ["#می\u200cخواهم", "5"]),
    ],
)
def test_what_stays_whole(text: str, found: list[str]) -> None:
    assert [s.text for s in spans(text)] == found


@given(
    text=st.lists(
        st.sampled_from(
            [
                *"a ệ新🍵\n.:/@",
                FAMILY,
                "https://vi.vn",
                "x.example",
                "@a@b.example",
                "\u0958",
                "\U0001d160",
                "5️⃣",
                "\ud83d",
            ]
        )
    ).map("".join),
    unit=st.sampled_from(get_args(Unit)),
    url_weight=st.sampled_from([None, 23]),
    most=st.integers(1, 400),
    also_bytes=st.sampled_from([None, 40]),
)
def test_what_surely_fits_fits(
    text: str, unit: Any, url_weight: int | None, most: int, also_bytes: int | None
) -> None:
    limit = TextLimit(
        limit=most, unit=unit, url_weight=url_weight, also_bytes=also_bytes, mentions_without_host=True,
        source="here", checked_on=date(2026, 11, 29),
    )  # fmt: skip
    if surely_fits(text, limit):
        assert measure(text, limit).fits


def test_an_ordinary_post_surely_fits() -> None:
    limit = TextLimit(
        limit=500, unit="codepoint", url_weight=23, source="here", checked_on=date(2026, 11, 29)
    )
    assert surely_fits(
        "Sáng nay Sài Gòn 22 độ: ly cà phê muối đầu tiên đã ra quầy. https://hien.example/muoi", limit
    )
    assert not surely_fits("x" * 501, limit)
