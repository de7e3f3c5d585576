"""Pasting: all words come along, in the marks an article has; what stays behind is told with its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitestring.connectorkit.articles import to_html, to_text
from kitestring.connectorkit.pasting import read

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{color:red}</style></head><body>
<!--StartFragment--><h1 style='color:#2F5496'>Trà sen<o:p></o:p></h1>
<p class=MsoNormal><b><span style='font-size:14.0pt;font-family:"Arial"'>Mùa này </span></b>có sen.<o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span>·<span>&nbsp;&nbsp;
</span></span><![endif]>Sen Tây Hồ</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span>·<span>&nbsp; </span></span>Sen Huế</p>
<table><tr><td>Loại</td><td>Giá</td></tr><tr><td>Sen</td><td colspan=2>88</td></tr></table>
<img src="file:///C:/Users/a/clip_image001.png" alt="Ấm trà"><!--EndFragment--></body></html>"""

LAYOUT = """<section class="_135editor" data-id="1"><section style="position:absolute;top:-3px;color:#fff;background-image:url(
https://img.example/bg.png)"><section style="font-weight:bold">春茶上新</section></section>
<section style="margin-top:-20px"><p style="color:#3f3f3f;font-size:15px">明前<strong>龙井</strong>到店。</p><p><br></p></section>
<blockquote><p>一芽一叶</p><p>清明前</p></blockquote>
<img data-ratio="0.6" src="https://mmbiz.example/a.png" alt="茶园"><iframe src="https://v.example/1"></iframe>
<ol><li><p>温杯</p></li><li><p>投茶</p></li></ol><hr>
<p>请<a href="https://x.cn/menu" onclick="go()">看菜单</a>。</p><script>track()</script></section>"""


def test_from_word() -> None:
    pasted = read(WORD)
    assert pasted.text == (
        "# Trà sen\n\n**Mùa này** có sen.\n\n- Sen Tây Hồ\n- Sen Huế\n\n| Loại | Giá |\n| Sen | 88 |"
    )
    told = {one.reason: one for one in pasted.left}
    assert set(told) == {"pasted_sheet", "pasted_looks", "pasted_merged", "pasted_picture"}
    assert (told["pasted_looks"].count, told["pasted_looks"].words) == (2, "Trà sen")
    assert told["pasted_merged"].words == "88"
    assert told["pasted_picture"].words == "Ấm trà"


def test_from_a_layout_editor() -> None:
    pasted = read(LAYOUT)
    assert pasted.text == (
        "**春茶上新**\n\n明前**龙井**到店。\n\n> 一芽一叶\n> 清明前\n\n![茶园](https://mmbiz.example/a.png)\n\n"
        "1. 温杯\n2. 投茶\n\n---\n\n请[看菜单](https://x.cn/menu)。"
    )
    assert {(one.reason, one.words) for one in pasted.left} == {
        ("pasted_picture", "春茶上新"), ("pasted_moving", "春茶上新"), ("pasted_looks", "明前"),
        ("pasted_picture_elsewhere", "茶园"), ("pasted_film", "温杯"), ("pasted_script", "看菜单"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<b style="font-weight:normal"><p><span style="font-weight:700">Giá</span> mới</p></b>', "**Giá** mới"),
        ("<h2>Một</h2><h3>Hai</h3><h5>Ba</h5>", "# Một\n\n## Hai\n\n### Ba"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c | d</li></ul>", "- a\n- b\n- c | d"),
        ("<table><tr><th>茶</th><th>价</th></tr><tr><td>a|b</td><td>8</td></tr></table>",
         "| 茶 | 价 |\n| --- | --- |\n| a¦b | 8 |"),
        ("<table><tr><td><p>only a column</p></td></tr><tr><td>二</td></tr></table>", "only a column\n\n二"),
        ("<p>a<br>b</p>text<div>c</div>", "a\nb\n\ntext\n\nc"),
        ("<pre>x\n y</pre>", "x\ny"),
        ('<a href="https://a.vn/x">https://a.vn/x</a> <a href="javascript:x()">bấm</a>', "https://a.vn/x bấm"),
        ("<p><em>mềm</em>&nbsp;<i><b>cả hai</b></i></p>", "*mềm* **cả hai**"),
        ("<p>broken <b>words", "broken **words**"),
    ],
)  # fmt: skip
def test_each_thing_has_its_mark(html: str, text: str) -> None:
    assert read(html).text == text


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://vi.wikipedia.org/wiki/Trà_(đồ_uống)", "https://vi.wikipedia.org/wiki/Trà_%28đồ_uống%29"),
        ("HTTPS://a.vn/x", "https://a.vn/x"),
        (" https://a.vn/a b ", "https://a.vn/a%20b"),
    ],
)
def test_an_address_of_any_letters_stays_a_link(href: str, address: str) -> None:
    pasted = read(f'<p>Xem <a href="{href}">trang này</a>.</p>')
    assert pasted.text == f"Xem [trang này]({address})."
    assert f'<a href="{address}">trang này</a>' in to_html(pasted.text)
    assert not pasted.left


@pytest.mark.parametrize(
    "href", ["mailto:a@b.vn", "tel:+84123", "/menu", "#top", "file:///C:/a.htm", "https://"]
)
def test_a_link_to_what_is_no_web_page_is_told_and_its_words_stay(href: str) -> None:
    pasted = read(f'<p><a href="{href}">Viết cho quán</a></p>')
    assert pasted.text == "Viết cho quán"
    assert [(one.reason, one.words) for one in pasted.left] == [("pasted_link", "Viết cho quán")]
    [left] = read(f'<a href="{href}"></a>').left
    for language in ("en", "zh-hans", "vi"):
        assert "{" not in left.told(language) + pasted.left[0].told(language)


@pytest.mark.parametrize("words", ["Trà " * 90, "茶" * 320])
def test_words_too_long_for_a_named_link_stand_beside_its_address(words: str) -> None:
    html = to_html(read(f'<p><a href="https://a.vn/x">{words}</a></p>').text)
    assert '<a href="https://a.vn/x">https://a.vn/x</a>' in html
    assert words.strip() in html
    assert "[" not in html


def test_what_has_no_words_near_it_is_told_too() -> None:
    [left] = read('<iframe src="https://v.example"></iframe>').left
    assert "{" not in left.told("en") + left.told("zh-hans") + left.told("vi")
    assert "“”" not in left.told("vi")


def test_every_sort_has_its_sentence_in_three_languages() -> None:
    html = (
        "<script>1</script><style>p{}</style><video></video><input><canvas></canvas><img><p style='float:left'>x</p>"
        "<font color=red>y</font><td colspan=2><img src='https://a.vn/1.png'>"
    )
    left = read(html).left
    assert len(left) == 10
    for language in ("en", "zh-hans", "vi"):
        assert len({one.told(language) for one in left}) == 10


TREE = st.recursive(
    st.text(alphabet="abcĐă茶 ,.&<", max_size=12).map(lambda s: s.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.tuples(
        st.sampled_from(["p", "div", "b", "span", "li", "ul", "h2", "blockquote", "td", "tr", "table", "a", "em"]),
        st.lists(inner, max_size=4),
    ).map(lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"),
    max_leaves=20,
)  # fmt: skip


@given(TREE)
def test_no_word_is_lost(html: str) -> None:
    """No letter, blanks and marks aside. A browser puts what stands wrongly in a table before it, and so do we."""
    bare = re.compile(r"[\s*#>\-|\d.]")
    assert sorted(bare.sub("", read(html).text)) == sorted(bare.sub("", to_text(html)))


@pytest.mark.parametrize("hostile", ["<b>", "<div>", "<ul><li>", "<table><tr><td>", "<blockquote>"])
def test_what_lies_too_deep_gives_its_words(hostile: str) -> None:
    """Read as a browser does it would take minutes."""
    assert read(hostile * 20_000 + "lời").text == "lời"


def test_as_deep_as_editors_go_is_read() -> None:
    assert read("<section>" * 300 + "<h2>Trà</h2>" + "</section>" * 300).text == "# Trà"


@given(st.text(alphabet="aă茶 <>&\"'=/!-?bpli\n", max_size=60))
def test_anything_can_be_pasted(html: str) -> None:
    assert "<script" not in to_html(read(html).text)


def test_a_ragged_table_does_not_grow_by_the_square() -> None:
    html = f"<table><tr>{'<td>a</td>' * 2000}</tr>{'<tr><td>b</td></tr>' * 2000}</table>"
    words = read(html).text
    assert len(words) < len(html)
    assert (words.count("a"), words.count("b")) == (2000, 2000)
