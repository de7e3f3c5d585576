"""WeChat: pictures stand where the text has them, go up once, and nothing leaves that WeChat would strip."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kitestring.connectorkit.checking import problems
from kitestring.connectorkit.contract import Processing
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.wechat import publishing
from kitestring.connectors.wechat.client import MANIFEST

TEXT = (
    "# 明前龙井\n\n今日到店。\n\n![一杯龙井](file:tea)\n\n[往期](https://mp.weixin.qq.com/s/abc)，"
    "[菜单](https://x.cn/menu)。\n\n---\n\n![](file:tea)\n\n再会。"
)
ONCE = ["/cgi-bin/material/add_material", "/cgi-bin/media/uploadimg", "/cgi-bin/media/uploadimg"]


@pytest.fixture
def article(duty, picture):
    media = tuple(
        replace(picture(name), name=name) for name in ("cover", "tea", "field")
    )  # fmt: skip

    def make(text=TEXT, **more):
        return duty("publish", text, title="春茶上新", media=media, uploads=Kept(), **more)

    return make


async def _live(there, outgoing):
    outcome = await publishing.publish(there.session, outgoing)
    while isinstance(outcome, Processing):
        outcome = await publishing.follow(there.session, replace(outgoing, handle=outcome.handle))
    return there.platform.items[outcome.remote_id].extra["html"]


def _uploads(there):
    paths = [request.path.partition("?")[0] for request in there.faults.seen]
    return [path for path in paths if "upload" in path or "material" in path]


async def test_pictures_stand_where_the_text_has_them(at_work, article):
    there = await at_work("wechat")
    html = await _live(there, article())
    order = re.findall(r"明前龙井|今日到店|(?:tea|field|cover)\.png|再会", html)
    assert order == ["明前龙井", "今日到店", "tea.png", "tea.png", "再会", "field.png"]
    assert 'alt="一杯龙井"' in html
    assert f'src="{there.base_url}/mmbiz/' in html


async def test_what_leaves_is_what_wechat_keeps(at_work, article):
    """The emulated WeChat strips scripts, names, other people's pictures and links: of ours it strips nothing."""
    there = await at_work("wechat")
    outgoing = article(TEXT + '\n\n<script>x()</script> <b class="a">')
    step = await publishing.publish(there.session, outgoing)
    assert isinstance(step, Processing)
    [draft] = there.platform.memory["wechat"]["drafts"].values()
    assert "&lt;script&gt;x()&lt;/script&gt;" in draft["content"]
    assert re.findall(r'href="([^"]+)"', draft["content"]) == ["https://mp.weixin.qq.com/s/abc"]
    assert "菜单（https://x.cn/menu）" in draft["content"]


async def test_a_picture_goes_up_once_however_often_it_stands_there(at_work, article):
    there = await at_work("wechat")
    await _live(there, article())
    assert sorted(_uploads(there)) == ONCE


@pytest.mark.parametrize("dies_at", ["draft/add", "media/uploadimg"])
async def test_a_further_try_uploads_nothing_again(at_work, article, monkeypatch, dies_at):
    """The first try ends at the draft, or between two pictures."""
    there = await at_work("wechat")
    outgoing, calls = article(), []
    whole = publishing.drafts.App.call

    async def call(self, path, *given, **more):
        calls.append(path)
        if path.endswith(dies_at) and calls.count(path) == (1 if dies_at == "draft/add" else 2):
            raise RetryLater("busy")
        return await whole(self, path, *given, **more)

    monkeypatch.setattr("kitestring.connectors.wechat.client.App.call", call)
    with pytest.raises(RetryLater):
        await publishing.publish(there.session, outgoing)
    html = await _live(there, outgoing)
    assert sorted(_uploads(there)) == ONCE
    assert html.count("tea.png") == 2


def test_what_wechat_would_strip_is_told_with_its_place():
    found = problems(
        MANIFEST, "publish", TEXT, "春茶上新", account_type="service_verified", language="zh-hans"
    )
    told = {problem.reason: problem for problem in found}
    dropped = told["article_link_dropped"]
    assert dropped.severity == "warning"
    assert [TEXT[start:end] for start, end in dropped.places] == ["[菜单](https://x.cn/menu)"]
    assert "菜单" in dropped.sentence
    lost = told["article_picture_lost"]
    assert (lost.severity, len(lost.places)) == ("error", 1)


async def test_a_picture_that_is_not_there_is_refused_before_any_call(at_work, article):
    there = await at_work("wechat")
    before = len(there.faults.seen)
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, article("![x](file:gone)"))
    assert raised.value.reason == "article_picture_lost"
    assert len(there.faults.seen) == before


def test_the_marks_count_against_the_length_of_the_article(duty, picture):
    """19,000 letters of text fit; as an article of a thousand paragraphs they do not."""
    text = "\n\n".join(["茶" * 17] * 1000)
    [problem] = [
        p for p in problems(MANIFEST, "publish", text, "春茶", [picture()], account_type="service_verified")
        if p.reason == "article_too_long"
    ]  # fmt: skip
    assert int(problem.params["count"]) > 19_999
    assert "19999" in problem.sentence
