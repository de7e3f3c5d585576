"""Folding leads back to the original; words are found however they are written, and nothing else is."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitestring import rulepacks
from kitestring.rulepacks.folding import Folded, canonical, unmarked
from kitestring.rulepacks.matching import Finder, forms
from kitestring.rulepacks.model import Around
from kitestring.rulepacks.reading import HASHTAG, HEAP, _index
from kitestring.rulepacks.spans import Spans, outermost
from kitestring.rulepacks.surroundings import harmless


def found(words: list[str], text: str) -> list[str]:
    """What the words find in the text, as it stands there."""
    folded = Folded(text)
    finder = Finder(form for word in words for form in forms(word))
    spans = [folded.span(start, end) for _word, start, end in finder.find(folded.text)]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    "text",
    ["最好", "最😊好", "最 好", "最\u200b好", "最·好", "最……好", "最，好", "最☕️好", "最\ufe0f好", "最（好"],
)
def test_signs_between_chinese_letters_hide_nothing(text: str) -> None:
    assert found(["最好"], f"这是{text}的茶") == [text]


@pytest.mark.parametrize("text", ["最。好", "最！好", "最\n好", "最近好", "最后才好"])
def test_a_sentence_ends_and_other_letters_part(text: str) -> None:
    assert found(["最好"], text) == []


def test_traditional_and_wide_letters_are_read_as_the_plain_ones() -> None:
    assert found(["国家级", "no.1", "销量第一"], "國家級，ＮＯ．１，銷量第一") == [
        "國家級",
        "ＮＯ．１",
        "銷量第一",
    ]
    assert found(["第1"], "第①名") == ["第①"]


def test_invisible_and_look_alike_letters_hide_nothing() -> None:
    for text in ("最\u3164好", "最\u115f好", "最\uffa0好", "㝡好", "蕞好"):
        assert found(["最好"], f"这是{text}的茶") == [text]
    for text in ("ng\u043en nhất", "NG\u041eN NHẤT", "ng\u03bfn nhất", "n\u3164gon nhất"):
        assert found(["ngon nhất"], f"Ly {text} đây") == [text]


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("Nhanh nhất phố", "Rất nhanh"),
        ("nhanh nhất phố", "rất nhanh"),
        ("NHANH NHẤT PHỐ", "RẤT NHANH"),
        ("Quán Nhanh nhất", "rất nhanh"),
        ("Ghé đi! “Nhanh nhất”", "Rất nhanh"),
        ("Là TOP 1", "được yêu thích"),
    ],
)
def test_a_rewrite_keeps_the_case_of_what_it_stands_for(text: str, rewrite: str) -> None:
    (hit,) = rulepacks.lint(text, countries=["VN"])
    assert hit.rewrites == (rewrite,)


def test_surroundings_are_seen_on_both_sides_and_without_marks() -> None:
    both = (Around(before="cao +", after=" +[0-9]"),)
    for text, calm in (
        ("cao nhất 3", True),
        ("cao nhất", False),
        ("xa nhất 3", False),
        ("cao nhất" + " " * 40 + "3", False),
    ):
        at = text.index("nhất")
        assert harmless(both, (at, at + 4), text) is calm, text
    marked = (Around(before="tháng +"),)
    assert harmless(marked, (6, 10), "thang nhat")
    assert not harmless(marked, (6, 10), "thang nhất")


def test_disguised_letters_are_read_as_what_they_stand_for() -> None:
    for text in ("zui好喝", "ZUI好喝", "zuì 好喝", "ｚｕｉ😊好喝", "蕞好喝"):
        assert found(["最好喝"], f"全城{text}的茶") == [text]
    assert found(["国家级", "行业第一"], "guo家级与行业di一") == ["guo家级", "行业di一"]
    assert found(["最好喝"], "zui hao he, azui好喝") == []


def test_latin_words_stand_on_borders() -> None:
    assert found(["ad", "#ad"], "Bad advice. AD! #ad #adventure ad-free") == ["AD", "#ad", "ad", "ad"]
    assert found(["vx"], "加vx聊") == ["vx"]
    assert found(["no.1"], "No. 10, no.1") == ["no.1"]


def test_vietnamese_is_found_with_all_marks_of_a_word_or_none() -> None:
    for text in ("ngon nhất", "NGON NHẤT", "ngon nhat", "ngon  nhất", "ngon-nhất", "ngon nhâ\u0301t"):
        assert found(["ngon nhất"], f"Ly {text} đây") == [text]
    for text in ("ngon nhật", "ngon nhạt", "ngon nhất" + "y", "ngon. Nhất"):
        assert found(["ngon nhất"], f"Ly {text} đây") == []
    assert unmarked("đậm đà") == "dam da"


def test_one_word_inside_another_is_found_too() -> None:
    assert found(["最好", "最好喝", "好喝"], "最好喝") == ["最好", "最好喝", "好喝"]


def test_a_place_is_told_in_code_points_of_the_original() -> None:
    text = "🍵👨‍👩‍👧‍👦 ㎏ ﬁne 最😊好"
    assert found(["最好"], text) == ["最😊好"]
    folded = Folded(text)
    (_word, start, end) = Finder(["最好"]).find(folded.text)[0]
    assert folded.span(start, end) == (text.index("最"), text.index("好") + 1)


def test_spans_cover_and_follow() -> None:
    spans = Spans([(0, 3), (5, 6), (5, 20)])
    assert spans.cover((6, 19))
    assert not spans.cover((2, 4))
    assert spans.near((3, 4), "", 1, either=False) == (3, 6)
    assert spans.near((21, 22), "", 1, either=False) is None
    assert spans.near((21, 22), "", 1, either=True) == (5, 22)
    assert outermost([((0, 2), "a"), ((0, 3), "b"), ((1, 3), "c"), ((4, 5), "d")]) == [
        ((0, 3), "b"),
        ((4, 5), "d"),
    ]


LETTERS = st.text(alphabet="最好第一次 nhấtnhat.，。😊\u200b\ufe0f國国#ａÁé\u0301\n", max_size=60)


@given(LETTERS)
@settings(max_examples=300, deadline=None)
def test_every_place_of_any_text_leads_back(text: str) -> None:
    folded = Folded(text)
    last = 0
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert start >= last
        last = start


@given(LETTERS, st.sampled_from(["最好", "第一", "nhất", "国"]))
@settings(max_examples=300, deadline=None)
def test_what_is_found_reads_as_the_word(text: str, word: str) -> None:
    for stretch in found([word], text):
        assert canonical(stretch) in set(forms(word))


def _steps(work: Callable[[], object]) -> int:
    """How many lines of Python the work runs: a count, where a clock would be luck."""
    count = 0

    def trace(_frame: object, event: str, _arg: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "最",
        "最 ",
        "最最好",
        "转发",
        "分享红包",
        "nhất ",
        "#ad ",
        "第一次",
        "a\u0301",
        "#",
        "138",
        "最😊",
        "no.",
        "禁止电子烟",
        "最.",
        "ngon nhất khi ",
        "n h ấ t ",
        "nhất t",
        "zui",
        "zui好",
        "z u i ",
        "嘴好",
        "遥遥",
        "nhanh nhất là ",
        "ngon nh t",
        "ngon  ",
        "治疗",
        "tag a friend ",
        "treats your ",
        "không chữa khỏi ",
        "包过",
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    def lint(times: int) -> None:
        rulepacks.lint(
            piece * times, channels=["wechat", "xiaohongshu", "facebook"], countries=["CN", "VN", "US"]
        )

    lint(10)  # what is read once is read now
    small, large = _steps(lambda: lint(400)), _steps(lambda: lint(4000))
    assert large < small * 14, f"{small} lines for 400 pieces, {large} for 4,000"


@pytest.mark.parametrize("piece", ["最 ", "nhất ", "ngon  ", "#a ", "zui", "138 ", "wx ", "n h ấ t ", " "])
def test_regular_expressions_read_50_kb_in_linear_time(piece: str) -> None:
    """A regular expression runs no lines that could be counted: the same run reads 12.5 and 50 kB, and the ratio counts."""
    shapes = [re.compile(shape.pattern) for rule in rulepacks.rules().values() for shape in rule.shapes]
    begins = list(_index()[0].patterns)

    def cost(size: int) -> float:
        text = (piece * size)[:size]
        begun = time.process_time()
        for pattern in (*shapes, *begins, HEAP, HASHTAG):
            for _found in pattern.finditer(text):
                pass
        return time.process_time() - begun

    small = min(cost(12_500) for _round in range(3))
    large = min(cost(50_000) for _round in range(3))
    # Four times the text: four times the work, sixteen times where it is quadratic.
    assert large < small * 9 + 0.02, f"{small:.4f} for 12.5 kB, {large:.4f} for 50 kB"
