"""Counting as the channels count: by their own conformance sets where they publish one."""

from __future__ import annotations

import os
import time
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from twitter_text import parse_tweet

from kitestring.connectorkit.counting import Heavy, count, measure, remaining, surely_fits, why_heavier
from kitestring.connectorkit.links import links, spans
from kitestring.connectorkit.manifest import TextLimit

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
    ],
)
def test_units(text: str, unit: Any, length: int) -> None:
    assert count(text, unit) == length


def test_a_link_may_weigh_the_same_everywhere() -> None:
    text = "Thực đơn: https://vidu.vn/thuc-don nhé"
    assert count(text, "grapheme", url_weight=23) == len("Thực đơn:  nhé") + 23


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
    ["a." * 40_000, "http://a." * 8_000, "@a" * 40_000, "https://a.com/" + "," * 80_000, "a.com " * 5_000],
    ids=["dots", "schemes", "ats", "commas", "links"],
)
def test_hostile_texts_are_counted_in_linear_time(text: str, record_property: Any) -> None:
    """Twice the text takes about twice as long: far from the quadratic four times (work, not seconds, is compared)."""

    def took(sample: str) -> float:
        best = 9e9
        for _ in range(3):
            before = time.process_time()
            spans(sample)
            count(sample, "weighted")
            best = min(best, time.process_time() - before)
        return best

    ratio = took(text) / max(took(text[: len(text) // 4]), 1e-4)
    record_property("ratio", ratio)
    assert ratio < 11


def specs() -> Path:
    folder = os.environ.get("KITESTRING_SPECS", "")
    path = Path(folder) / "x" / "twitter-text"
    if not folder or not path.exists():
        pytest.skip("ABSENT: the twitter-text conformance set (KITESTRING_SPECS)")
    return path


@pytest.mark.specs
@pytest.mark.parametrize(
    ("part", "least"),
    [("WeightedTweetsWithDiscountedEmojiCounterTest", 22), ("UnicodeDirectionalMarkerCounterTest", 2)],
)
def test_the_conformance_set_of_weights(part: str, least: int) -> None:
    cases = yaml.safe_load((specs() / "validate.yml").read_text("utf-8"))["tests"][part]
    wrong = [
        c["description"] for c in cases if count(c["text"], "weighted") != c["expected"]["weightedLength"]
    ]
    assert wrong == []
    assert len(cases) >= least


@pytest.mark.specs
@pytest.mark.parametrize(
    "part", ["urls", "urls_with_indices", "urls_with_directional_markers", "tco_urls_with_params"]
)
def test_the_conformance_set_of_links(part: str) -> None:
    cases = yaml.safe_load((specs() / "extract.yml").read_text("utf-8"))["tests"][part]
    assert cases
    for case in cases:
        expected = [u["url"] if isinstance(u, dict) else u for u in case["expected"]]
        assert [link.text for link in links(case["text"])] == expected, case["description"]


@pytest.mark.specs
def test_every_top_level_domain_of_the_set_ends_a_link() -> None:
    parts = yaml.safe_load((specs() / "tlds.yml").read_text("utf-8"))["tests"]
    cases = [case for part in parts.values() for case in part]
    assert len(cases) > 1500
    assert [c["text"] for c in cases if [s.text for s in links(c["text"])] != c["expected"]] == []


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


@given(
    text=st.lists(
        st.sampled_from([*"a ệ新🍵\n.:/@", FAMILY, "https://vi.vn", "x.example", "@a@b.example", "\u0958"])
    ).map("".join),
    unit=st.sampled_from(["grapheme", "codepoint", "utf16", "utf8", "weighted", "cjk_half"]),
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
