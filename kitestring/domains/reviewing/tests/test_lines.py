"""What changed in a text, line by line and by words; Chinese, which has no spaces, by characters."""

from __future__ import annotations

import time

import pytest

from kitestring.domains.reviewing.rules.lines import Line, count, differing, words


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


def test_the_longest_texts_are_compared_in_time() -> None:
    rows = [f"Dòng thứ {n} của một bài rất dài, có nhiều chữ." for n in range(1_900)]
    changed = [row.replace("chữ", "từ") if n % 2 else row for n, row in enumerate(rows)]
    started = time.monotonic()
    differing("\n".join(rows), "\n".join(changed))
    differing("字" * 100_000, "词" * 100_000)
    assert time.monotonic() - started < 20
