"""A thread keeps every word, fits everywhere, and is cut where a person would cut it."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from kitestring.connectorkit.counting import count
from kitestring.connectorkit.links import spans
from kitestring.connectorkit.splitting import Unsplittable, split

UNITS = st.sampled_from(["grapheme", "codepoint", "utf16", "weighted", "cjk_half"])
SNIPPETS = st.sampled_from(
    ["Cà phê sữa đá. ", "新茶上市，", "欢迎品尝！", "https://vidu.vn/a?b=1 ", "@quan.bsky.social ", "#cà_phê ", "45.000đ ",
     "👨‍👩‍👧‍👦", "🇻🇳", "e\u0301", "\n\n", "hello, world; ", "(ngoặc) ", "“引号”", "2026-11-21 ", "\u200d", "\r\n"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(SNIPPETS, max_size=60).map("".join))


def bare(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=300, deadline=None)
@given(TEXTS, UNITS, st.integers(40, 120))
def test_every_part_fits_and_nothing_is_lost(text: str, unit: str, limit: int) -> None:
    try:
        parts = split(text, limit, unit)  # type: ignore[arg-type]
    except Unsplittable as raised:
        too_long = count(raised.text, unit)  # type: ignore[arg-type]
        assert too_long > limit
        return
    assert all(part and count(part, unit) <= limit for part in parts)  # type: ignore[arg-type]
    assert bare("".join(parts)) == bare(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(SNIPPETS, max_size=60).map("".join), st.integers(45, 90))
def test_links_mentions_hashtags_and_graphemes_stay_whole(text: str, limit: int) -> None:
    parts = split(text, limit, "grapheme")
    whole = [s.text for s in spans(text)]
    left = "\x00".join(parts)
    assert all(piece in left for piece in whole)
    borders = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    at = 0
    for part in parts:
        start = text.index(part, at)
        at = start + len(part)
        assert {start, at} <= borders


def test_sentences_are_preferred_over_clauses_and_words() -> None:
    text = "Quán mở cửa lúc bảy giờ sáng. Cà phê rang tại chỗ, thơm cả góc phố. Mời bạn ghé thử một lần nhé!"
    assert split(text, 60, "grapheme") == [
        "Quán mở cửa lúc bảy giờ sáng.",
        "Cà phê rang tại chỗ, thơm cả góc phố.",
        "Mời bạn ghé thử một lần nhé!",
    ]


def test_chinese_is_cut_behind_its_full_stop_and_never_before_a_comma() -> None:
    text = "春茶到店，汤色清亮。欢迎周末带朋友来坐坐，第一杯我们请。"
    assert split(text, 12, "cjk_half") == ["春茶到店，汤色清亮。", "欢迎周末带朋友来坐坐，", "第一杯我们请。"]
    assert not any(part[0] in "，。！？" for part in split(text, 6, "cjk_half"))


def test_words_of_a_segmenter_are_kept_together() -> None:
    def words(text: str) -> list[str]:
        return regex.findall(r"乌龙茶|杭州市|.", text)

    assert split("我在杭州市喝乌龙茶", 6, "cjk_half", words=words) == ["我在杭州市喝", "乌龙茶"]
    assert split("我在杭州市喝乌龙茶", 4, "cjk_half", words=words) == ["我在", "杭州市喝", "乌龙茶"]


def test_a_number_is_not_torn() -> None:
    assert split("Giá chỉ còn 1.250.000₫ thôi", 20, "grapheme") == ["Giá chỉ còn", "1.250.000₫ thôi"]


def test_bytes_are_kept_too() -> None:
    parts = split("茶" * 100, 100, "grapheme", also_bytes=90)
    assert [len(p) for p in parts] == [30, 30, 30, 10]


def test_a_link_longer_than_the_limit_is_named() -> None:
    with pytest.raises(Unsplittable) as caught:
        split("Xem https://vidu.vn/" + "a" * 80, 50, "grapheme")
    assert caught.value.text.startswith("https://vidu.vn/")
    assert len(split("Xem https://vidu.vn/" + "a" * 80, 50, "grapheme", url_weight=23)) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_makes_no_parts(text: str) -> None:
    assert split(text, 10, "grapheme") == []
