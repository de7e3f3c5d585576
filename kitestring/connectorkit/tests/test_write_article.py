"""Articles: plain writing in, safe HTML out; HTML in, plain words out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitestring.connectorkit.articles import to_html, to_text


def test_paragraphs_and_line_breaks() -> None:
    assert to_html("Trà sữa\nmới\n\nHẹn gặp") == "<p>Trà sữa<br>mới</p>\n<p>Hẹn gặp</p>"


def test_headings_lists_and_quotes() -> None:
    text = "# 春茶\n- 龙井\n- 碧螺春\n1. 先温杯\n2. 再投茶\n> 一芽一叶\n结尾"
    assert to_html(text) == (
        "<h2>春茶</h2>\n<ul><li>龙井</li><li>碧螺春</li></ul>\n<ol><li>先温杯</li><li>再投茶</li></ol>\n"
        "<blockquote><p>一芽一叶</p></blockquote>\n<p>结尾</p>"
    )


def test_marks_inside_a_line() -> None:
    assert to_html("a **bold** and *soft* word") == "<p>a <strong>bold</strong> and <em>soft</em> word</p>"


def test_a_star_that_is_no_mark_stays() -> None:
    assert to_html("2 * 3 * 4") == "<p>2 * 3 * 4</p>"
    assert to_html("5*5*5") == "<p>5*5*5</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("see https://a.vn/b*c?x=1&y=2.", '<p>see <a href="https://a.vn/b*c?x=1&amp;y=2">'
         "https://a.vn/b*c?x=1&amp;y=2</a>.</p>"),
        ("[thực đơn](https://a.vn/menu)", '<p><a href="https://a.vn/menu">thực đơn</a></p>'),
        ("请看https://a.cn/茶。谢谢", '<p>请看<a href="https://a.cn/茶">https://a.cn/茶</a>。谢谢</p>'),
    ],
)  # fmt: skip
def test_addresses_become_links(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize("links", [True, False, ("b.com",)])
@pytest.mark.parametrize(
    "text",
    [
        "https://a.com/[x words](https://b.com)",
        "https://a.com/*[x](https://b.com)*[y](https://c.com)7",
        "**https://a.com/[x](https://b.com)**",
    ],
)
def test_a_named_link_right_behind_an_address_is_put_back(text: str, links: bool | tuple[str, ...]) -> None:
    html = to_html(text, links=links)
    assert "\x00" not in html
    assert "https://a.com/" in html
    assert "https://b.com" in html
    assert ">x" in html or "x (" in html or "x words (" in html


def test_without_links_the_address_stays_as_text() -> None:
    assert to_html("[menu](https://a.vn/m) https://b.vn", links=False) == (
        "<p>menu (https://a.vn/m) https://b.vn</p>"
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.com\\.mp.weixin.qq.com/",
        "https://evil.com\x01.mp.weixin.qq.com/",
        "https://mp.weixin.qq.com@mp.weixin.qq.com/",
        "https://a:b@mp.weixin.qq.com/",
        "https://mp.weixin.qq.com/a\\b",
    ],
)
def test_an_address_that_a_browser_reads_another_way_stays_words(address: str) -> None:
    for text in (f"[x]({address})", address):
        assert "<a " not in to_html(text, links=("mp.weixin.qq.com",))
    assert '<a href="https://mp.weixin.qq.com/s/@a">' in to_html(
        "https://mp.weixin.qq.com/s/@a", links=("mp.weixin.qq.com",)
    )


def test_nothing_typed_becomes_a_tag() -> None:
    html = to_html('<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror="y">')
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html


def test_an_address_cannot_break_out_of_its_attribute() -> None:
    html = to_html('https://a.vn/"onclick="alert(1) [x](https://a.vn/"onmouseover="y)')
    assert all("on" not in tag.split('"')[2] for tag in re.findall(r"<a [^>]*>", html))
    assert re.findall(r"<a [^>]*>", html) == ['<a href="https://a.vn/">', '<a href="https://a.vn/">']


@given(st.text(max_size=200))
def test_any_text_gives_only_the_promised_tags(text: str) -> None:
    tags = set(re.findall(r"</?([a-z0-9]+)", to_html(text)))
    assert tags <= {"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a"}


def test_html_to_words() -> None:
    html = "<p>Xin chào &amp; cảm ơn</p><p>Giá<br>mới</p><script>bad()</script><ul><li>một</li></ul>"
    assert to_text(html) == "Xin chào & cảm ơn\n\nGiá\nmới\n\nmột"


def test_words_survive_the_way_there_and_back() -> None:
    text = "Một đoạn <không phải thẻ>\n\nHai & ba"
    assert to_text(to_html(text)) == text
