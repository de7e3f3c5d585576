"""What is skipped because it cannot match changes nothing: every answer is the one of trying everything everywhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitestring.rulepacks import lint, reading, rules
from kitestring.rulepacks.folding import HAN, Folded, canonical
from kitestring.rulepacks.matching import Finder, Found, forms
from kitestring.rulepacks.model import Rule
from kitestring.rulepacks.needing import needed

LETTER = rf"[^\W{HAN}]"
SHAPES = [shape.pattern for rule in rules().values() for shape in rule.shapes]

ATOMS = st.sampled_from(
    ["a", "b", "c", "#", " ", "[ab]", "[^a]", r"\d", ".", "(?=a)", "(?<!b)", "(?i:a)", "^", "[a-c]"]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=4).map(lambda each: f"(?:{'|'.join(each)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "{0,2}", "+?", "*+"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        inner.map(lambda one: f"(?>{one})"),
        inner.map(lambda one: f"({one})"),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS, st.lists(st.text(alphabet="abcABC# 1", max_size=12), min_size=1, max_size=12))
@settings(max_examples=500, deadline=None)
def test_what_an_expression_needs_stands_wherever_it_matches(expression: str, texts: list[str]) -> None:
    compiled, one_of = re.compile(expression), needed(expression)
    for text in texts:
        if compiled.search(text):
            assert not one_of or any(word in text for word in one_of), (expression, one_of, text)


@given(st.sampled_from(SHAPES), st.data())
@settings(max_examples=300, deadline=None)
def test_what_a_shape_of_the_packs_needs_stands_wherever_it_matches(
    pattern: str, data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(re.compile(pattern.replace("*+", "*"))))
    assert not re.search(pattern, text) or any(word in text for word in needed(pattern))


@pytest.mark.parametrize("pattern", SHAPES)
def test_every_shape_needs_something_that_an_ordinary_post_has_not(pattern: str) -> None:
    assert needed(pattern)
    ordinary = Folded(
        "Chủ nhật quán mở cửa sớm hơn. Come early, the doors open at six! 周六下午来坐坐。"
    ).text
    assert not any(word in ordinary for word in needed(pattern)), needed(pattern)


@pytest.mark.parametrize(
    ("pattern", "one_of"),
    [
        ("nhấtt+", ("nhấtt",)),
        ("(?:no|yes) +nh(?:4t+| t)", (" nh t", " nh4t")),
        ("#(?:[a-c]|dd)+", ("#",)),
        ("a|[0-9]*", ()),
        ("(?i)abc", ()),
        ("(?:ab|(?i:cd))e", ("e",)),
    ],
)
def test_what_is_known_is_told_and_nothing_is_guessed(pattern: str, one_of: tuple[str, ...]) -> None:
    assert needed(pattern) == one_of


def everywhere(finder: Finder, text: str) -> list[Found]:
    """What the finder finds when it walks from every place where a word may begin at all."""
    latin = re.compile(LETTER)
    return [
        found
        for start, letter in enumerate(text)
        if letter != " " and not (start and latin.match(letter) and latin.match(text[start - 1]))
        for found in finder._walk(text, start)
    ]


WORDS = [
    "最好",
    "赢",
    "第一",
    "nhất",
    "ngon nhất",
    "số 1",
    "no.1",
    "#ad",
    "ad",
    "zui好",
    "100%",
    "like分享",
    "tag 好友",
    "to win",
]
PIECES = st.sampled_from(
    [
        *WORDS,
        *(letter for word in WORDS for letter in word),
        " ",
        "  ",
        ".",
        "x",
        "ngon nhat",
        "最 好",
        "n",
        "1",
        "%",
    ]
)


@given(st.lists(st.sampled_from(WORDS), min_size=1, unique=True), st.lists(PIECES, max_size=24).map("".join))
@settings(max_examples=600, deadline=None)
def test_words_are_found_wherever_they_would_be_by_walking_from_every_letter(
    words: list[str], text: str
) -> None:
    finder, folded = Finder({form for word in words for form in forms(word)}), Folded(text).text
    assert finder.find(folded) == everywhere(finder, folded)


def posts() -> list[str]:
    files = (Path(__file__).parent / "posts").glob("*.toml")
    told = [tomllib.loads(path.read_text("utf-8")) for path in files]
    samples = [one.text for rule in rules().values() for one in (*rule.hits, *rule.misses)]
    return samples + [post["text"] for file in told for post in (*file["hits"], *file["misses"])]


def test_all_posts_are_told_the_same_with_nothing_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    every = {
        "sponsored": True,
        "link": True,
        "fold": 125,
        "ai.made": True,
        "ai.declared": False,
        "reply.automated": True,
    }

    def told(text: str) -> list[object]:
        where = {"channels": ["facebook", "wechat", "xiaohongshu", "weibo"], "countries": ["CN", "VN", "US"]}
        return [lint(text, **where), lint(text, facts=every, **where)]

    skipped = [told(text) for text in posts()]
    assert sum(map(bool, (one for pair in skipped for one in pair))) > 200
    monkeypatch.setattr(Finder, "find", everywhere)
    monkeypatch.setattr(reading, "_may_hold", lambda _text, _one_of: True)

    def can_always(_rule: Rule, _told: frozenset[str]) -> bool:
        return True

    monkeypatch.setattr(reading, "_can_be_met", can_always)
    reading._always.cache_clear()
    try:
        assert [told(text) for text in posts()] == skipped
    finally:
        reading._always.cache_clear()


def test_a_long_phrase_is_found_with_all_marks_none_or_one_word_unlike_the_others() -> None:
    phrase = "chia sẻ bài viết này về tường"
    written = set(forms(phrase))
    assert {
        phrase,
        "chia se bai viet nay ve tuong",
        "chia sẻ bai viết này về tường",
        "chia se bai viet nay ve tường",
    } <= written
    assert len(written) == 2 * 6 + 2
    assert len(set(forms("chia sẻ bài viết"))) == 2**3
    assert canonical(phrase) in written
