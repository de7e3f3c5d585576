"""What changed in a text, line by line and by words; Chinese, which has no spaces, by characters."""

from __future__ import annotations

import re

import pytest

from kitestring.domains.reviewing.rules.lines import Comparing, count, differing, outlined
from kitestring.domains.reviewing.rules.matching import Budget
from kitestring.domains.reviewing.rules.pairing import words
from kitestring.domains.reviewing.rules.pieces import Line
from kitestring.domains.reviewing.tests.work import many, work_of


def drawn(lines: list[Line]) -> str:
    """The changes as text: -gone-, +new+, and (n) where something unchanged is folded."""
    sign = {"same": "{}", "gone": "-{}-", "new": "+{}+", "cut": "(cut)"}
    return "\n".join(
        f"({line.count})" if line.op == "cut" else "".join(sign[p.op].format(p.text) for p in line.pieces)
        for line in lines
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Bread at six.", "Bread at seven.", "Bread at -six-+seven+."),
        ("周三早上六点出炉。", "周三早上七点出炉。", "周三早上-六-+七+点出炉。"),
        (
            "Sáng nay bánh ra lò lúc 6 giờ",
            "Sáng nay bánh ra lò lúc 7 giờ",
            "Sáng nay bánh ra lò lúc -6-+7+ giờ",
        ),
        ("Một\nHai", "Một\nHai\nBa", "Một\nHai\n+Ba+"),
        ("Một\nHai\nBa", "Một\nBa", "Một\n-Hai-\nBa"),
        ("", "New words", "+New words+"),
        ("Old words", "", "-Old words-"),
        ("Bread at six.", "完全不同的一句话", "-Bread at six.-\n+完全不同的一句话+"),
        ("Go 👩🏽‍🍳 now", "Go 👩🏻‍🍳 now", "Go -👩🏽‍🍳-+👩🏻‍🍳+ now"),
        ("same", "same", ""),
    ],
)
def test_the_change_is_marked_where_it_is(before: str, after: str, said: str) -> None:
    assert drawn(differing(before, after)) == said


def test_one_sign_between_two_changes_belongs_to_both() -> None:
    assert (
        drawn(differing("今天上午十点开门迎客", "明天下午十点开门迎客")) == "-今天上-+明天下+午十点开门迎客"
    )


def test_nothing_of_either_text_is_lost() -> None:
    before = "Dòng một\n\n第二行 mixed 行\nlast line here"
    after = "Dòng hai\n第二行 mixed 文字\n\nnew line there\nlast line here!"
    lines = differing(before, after)
    for op, whole in (("gone", before), ("new", after)):
        rebuilt = "\n".join(
            "".join(p.text for p in line.pieces if p.op in ("same", op, "cut"))
            for line in lines
            if line.op in ("same", "changed", op)
        )
        assert sorted(rebuilt.split("\n")) == sorted(whole.split("\n"))


def test_what_is_far_from_a_change_is_folded() -> None:
    before = [f"Line {n}" for n in range(30)]
    after = [*before[:15], "Another line altogether", *before[15:]]
    assert drawn(differing("\n".join(before), "\n".join(after))) == (
        "(14)\nLine 14\n+Another line altogether+\nLine 15\n(14)"
    )


def test_a_long_line_keeps_what_stands_beside_the_change() -> None:
    long = "这是一段很长的介绍文字，" * 40
    lines = differing(f"{long}周三开售", f"{long}周四开售")
    assert [(p.op, len(p.text)) for p in lines[0].pieces] == [
        ("cut", 431), ("same", 50), ("gone", 1), ("new", 1), ("same", 2)
    ]  # fmt: skip
    assert count(lines) == 1


def test_a_word_is_a_word_in_three_scripts() -> None:
    assert words("don't 早上好 cà phê") == ["don't", " ", "早", "上", "好", " ", "cà", " ", "phê"]


LONG = [(300, 9), (10, 400), (700, 9), (60, 300), (4_000, 50)]


@pytest.mark.parametrize(("paragraphs", "length"), LONG, ids=[f"{n}x{words}" for n, words in LONG])
def test_however_long_the_texts_the_work_is_bounded(paragraphs: int, length: int) -> None:
    before, after = (many(paragraphs, length, seed=n) for n in (1, 2))
    partly = re.sub(r"từ1\d*", "chữ", before)
    for later in (after, partly):
        with work_of(2_000_000):
            lines = differing(before, later)
        assert {line.op for line in lines} <= {"gone", "new", "changed", "same"}
        assert count(lines) >= paragraphs
        with work_of(200_000):
            assert count(outlined(before, later, Budget(10_000))) == paragraphs


REPEATED = {"line": "a b " * 250_000, "lines": "a\n" * 500_000, "signs": "字" * 1_000_000}


@pytest.mark.parametrize("text", REPEATED.values(), ids=REPEATED)
def test_a_text_of_one_repeated_thing_is_bounded_too(text: str) -> None:
    later = f"new\n{text[::2]}?"
    for how in (differing, outlined):
        with work_of(2_000_000):
            told = how(text, later)
        assert len(told) <= 4


def test_beyond_the_budget_whole_lines_are_gone_and_new() -> None:
    before, after = "Bread at six.\nMilk at ten.", "Bread at seven.\nMilk at two."
    lines = differing(before, after, Budget(12))
    assert drawn(lines) == "-Bread at six.-\n-Milk at ten.-\n+Bread at seven.+\n+Milk at two.+"
    assert count(lines) == 4


def test_one_change_in_a_very_long_line_is_still_shown_by_words() -> None:
    long = "Bánh mì ra lò mỗi sáng. " * 1_000
    assert drawn(differing(f"{long}Thứ ba nghỉ. {long}", f"{long}Thứ tư nghỉ. {long}")).count("-ba-+tư+") == 1


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a\nb\nc", "a\nx\nc", 1),
        ("a\nb\nc", "new\na\nb", 2),
        ("One.\n\nTwo.", "Eins.\n\nZwei.\n\nDrei.", 3),
        ("a\nb", "a\n\nb", 1),
        ("a\nb", "b\na", 2),
        ("", "a", 1),
    ],
)
def test_the_outline_counts_the_lines_that_changed(before: str, after: str, lines: int) -> None:
    assert count(outlined(before, after)) == lines
    assert count(outlined(before, after, Budget(0))) in (1, lines)


def test_a_pair_of_texts_is_compared_once_a_page() -> None:
    asked: list[str] = []

    def how(before: str, after: str, budget: Budget) -> list[Line]:
        asked.append(before)
        return differing(before, after, budget)

    compared = Comparing(how)
    assert compared("one", "two") == compared("one", "two")
    assert asked == ["one"]
