"""The figure in a brief's measure of success: taken where the words leave no choice, never guessed."""

from __future__ import annotations

import pytest

from kitestring.domains.planning.rules.measures import NAMES, figure_in


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("300 saves by 22 December; under 100 is a no", ("saves", 300)),
        ("1,200 likes", ("likes", 1200)),
        ("Get 5k views in four weeks.", ("views", 5000)),
        ("收藏达到 1.2 万", None),
        ("收藏达到300，12月22日看结果", ("saves", 300)),
        ("12月22日前2万次播放；不到5000次播放就算没成", ("views", 20000)),
        ("1.000 lượt lưu trước ngày 22/12", ("saves", 1000)),
        ("300 lượt bình luận", ("replies", 300)),
        ("收藏率到 4.5%", None),
        ("Mỗi bài 100 lượt lưu", None),
        ("300 visits a week from posts", None),
        ("200 likes a week", None),
        ("100 saves or 200 likes", None),
        ("100 saves. Better: 300 saves", None),
        ("fewer than 100 saves is a no", None),
        ("15 % likes", None),
        ("", None),
    ],
)
def test_one_figure_or_none(words: str, figure: tuple[str, float] | None) -> None:
    assert figure_in(words, NAMES) == figure


def test_a_figure_that_is_not_offered_is_not_taken() -> None:
    assert figure_in("300 saves", ["likes"]) is None
