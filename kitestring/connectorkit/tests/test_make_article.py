"""An article's HTML as a channel keeps it: only what stays there, whatever was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitestring.connectorkit.article_html import PROPERTIES, TAGS, article, cover_of, settled
from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.facts import ArticleFacts, Text, TextLimit
from kitestring.connectorkit.manifest import PublishKind
from kitestring.connectorkit.marked import pictures_in, unplaced, without_pictures

FACT = {"source": "a test", "checked_on": date(2026, 11, 21)}
STYLED = ArticleFacts(form="styled", hosts=("own.example",), **FACT)
PLAIN = ArticleFacts(**FACT)


@dataclass(frozen=True)
class File:
    name: str
    alt: str = ""
    mime: str = "image/png"


COVER, TEA, CUP = File("aaa", "Bìa"), File("bbb", "Trà"), File("ccc")


def made(text: str, facts: ArticleFacts = STYLED, files: tuple[File, ...] = (), lost: str = "") -> str:
    words = TextLimit(limit=9000, unit="codepoint", **FACT)
    same = Text.model_validate({"en": "Post", "zh-hans": "文章", "vi": "Bài"})
    kind = PublishKind(key="post", label=same, text=words, article=facts)
    return article(kind, text, files, lambda place: f"https://pictures.example/{place}", lost=lost)


def test_pictures_stand_where_they_were_placed_and_the_others_follow() -> None:
    html = made("Đầu\n\n![Tách trà](file:ccc)\n\nCuối", files=(COVER, TEA, CUP))
    order = re.findall(r"Đầu|Cuối|/\d|alt=\"[^\"]*\"", html)
    assert order == ["Đầu", "/2", 'alt="Tách trà"', "Cuối", "/1", 'alt="Trà"']


def test_a_placed_cover_and_a_picture_placed_twice() -> None:
    html = made("![](file:aaa)\n茶\n![](file:bbb)\n![](file:bbb)", files=(COVER, TEA))
    assert re.findall(r"/(\d)\"", html) == ["0", "1", "1"]
    assert 'alt="Bìa"' in html


def test_a_picture_among_words_parts_them() -> None:
    html = made("trước ![](file:bbb) sau", PLAIN, (COVER, TEA))
    assert html == (
        '<p>trước</p>\n<figure><img src="https://pictures.example/1" alt="Trà"></figure>\n<p>sau</p>'
    )


def test_a_picture_that_is_lost_is_left_out_or_told() -> None:
    assert made("a\n![](file:zzz)\nb", PLAIN) == "<p>a</p>\n<p>b</p>"
    assert "không còn" in made("a\n![](file:zzz)", PLAIN, lost="không còn")


def test_dividers_and_tables() -> None:
    html = made("一\n---\n| 茶 | 价 |\n|---|---|\n| **龙井** | 88 |", PLAIN)
    assert html == (
        "<p>一</p>\n<hr>\n<table><tbody><tr><th>茶</th><th>价</th></tr>"
        "<tr><td><strong>龙井</strong></td><td>88</td></tr></tbody></table>"
    )


def test_every_element_carries_its_style_where_the_channel_keeps_no_sheet() -> None:
    html = made("# 春茶\n第一段\n\n> 引文\n- 甲\n1. 乙\n---\n| a | b |", files=(COVER, TEA))
    bare = {"br", "strong", "em", "tbody", "tr", "li"}
    for tag in re.findall(r"<([a-z0-9]+)(?: [^>]*)?>", html):
        assert tag in TAGS
        assert tag in bare or f"<{tag} " in html
    assert html.startswith("<section style=")


def test_only_links_to_its_own_articles_stay() -> None:
    html = made(
        "[menu](https://a.vn/m) [bài](https://own.example/s/1) https://sub.own.example/2 https://b.vn"
    )
    assert re.findall(r'href="([^"]+)"', html) == ["https://own.example/s/1", "https://sub.own.example/2"]
    assert "menu (https://a.vn/m)" in html
    assert re.findall(r'href="([^"]+)"', made("[menu](https://a.vn/m)", PLAIN)) == ["https://a.vn/m"]


def test_a_host_that_only_ends_alike_is_another() -> None:
    assert "href" not in made("[x](https://notown.example/1) [y](https://own.example.evil.vn/1)")


@pytest.mark.parametrize(
    "html",
    [
        '<p class="a" id="b" onclick="c()">x</p>',
        "<script>steal()</script><p>x</p>",
        '<p style="position:fixed;top:0;margin:0 0 1.2em">x</p>',
        '<iframe src="https://a.vn"></iframe><p>x</p>',
        '<p>x</p><img src="javascript:steal()">',
        '<p>x</p><a href="data:text/html,steal()">y</a>',
        "<p>x",
    ],
)
def test_what_no_channel_keeps_never_leaves(html: str) -> None:
    kept = settled(html, STYLED)
    assert "x</p>" in kept
    assert not re.search(r"class|id=|onclick|script|position|iframe|data:", kept)


WRITTEN = st.lists(
    st.one_of(
        st.text(alphabet="aă茶 <>&\"'*#|/=:()[]!\n", max_size=12),
        st.sampled_from(["# ", "- ", "> ", "**", "![x](file:bbb)", "\n", "---", "| a | b |", '<b onclick="x">',
                         "<script>", "[q](https://a.vn)", "https://own.example/'\"><"]),
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(WRITTEN)
def test_whatever_is_written_only_what_is_kept_leaves(text: str) -> None:
    html = made(text, files=(COVER, TEA))
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= TAGS
    for properties in re.findall(r'style="([^"]*)"', html):
        assert {one.split(":")[0] for one in properties.split(";") if one} <= PROPERTIES
    assert settled(html, STYLED) == html


def test_a_picture_in_a_list_leaves_no_mark_behind() -> None:
    assert made("- ![](file:bbb)\n> ![](file:bbb)", PLAIN, (COVER, TEA)).count("<p>") == 0


@pytest.mark.parametrize("hostile", ["[", "![", "**a ", "<b ", "| ", "[a](https://a", "> - "])
def test_a_hostile_text_is_still_text(hostile: str) -> None:
    """It would take minutes, were a mark not bounded."""
    text = hostile * (100_000 // len(hostile))
    letters = re.compile(r"[a-z]")
    assert letters.findall(to_text(made(text))) == letters.findall(text)


def test_names_in_a_text() -> None:
    text = "a\n\n![q](file:bbb)\n\nb"
    assert pictures_in(text) == ["bbb"]
    assert without_pictures(text) == "a\n\nb"
    assert unplaced(["aaa", "bbb", "ccc", ""], text) == [2, 3]


def test_a_video_stands_where_it_is_placed_and_is_no_cover() -> None:
    facts = ArticleFacts(named=True, video_class="film", **FACT)
    film = File("fff", 'Pha "trà"', "video/mp4")
    html = made("Đầu\n![](file:fff)\nCuối", facts, (film, TEA, CUP))
    assert html == (
        '<p>Đầu</p>\n<figure class="film file-fff"><video controls="" src="https://pictures.example/0"></video>'
        '<figcaption>Pha "trà"</figcaption></figure>\n<p>Cuối</p>\n'
        '<figure><img src="https://pictures.example/2" alt=""></figure>'
    )
    assert cover_of((film, TEA)) == 1
    assert cover_of((film,)) is None
    assert "<video" not in made("x", STYLED, (TEA, film))


def test_a_link_stands_below_where_the_channel_keeps_it_there() -> None:
    words = TextLimit(limit=9000, unit="codepoint", **FACT)
    same = Text.model_validate({"en": "Post", "zh-hans": "文章", "vi": "Bài"})
    for inside, told in (
        (True, '<p>a</p>\n<p><a href="https://x.vn">https://x.vn</a></p>'),
        (False, "<p>a</p>"),
    ):
        facts = ArticleFacts(link_inside=inside, **FACT)
        kind = PublishKind(key="post", label=same, text=words, article=facts)
        assert article(kind, "a", (), str, link="https://x.vn") == told
    facts = ArticleFacts(link_inside=True, **FACT)
    kind = PublishKind(key="post", label=same, text=words, article=facts)
    assert article(kind, "https://x.vn", (), str, link="https://x.vn").count("<p>") == 1
