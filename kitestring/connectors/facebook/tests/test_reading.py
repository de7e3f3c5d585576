"""Reading: long lists, rights that were declined, numbers that Meta has retired, and what is told of an account's health."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from kitestring.connectorkit.contract import Grant
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.facebook import diagnostics, inbox, metrics, moderation, publishing
from kitestring.connectors.facebook.client import MANIFEST
from kitestring.providers.meta import insights

RETIRED = tomllib.loads((Path(__file__).parents[1] / "metric_names.toml").read_text("utf-8"))["retired"]


async def posted(bench, duty):
    outgoing = duty("post", "Trà sen")
    first = await publishing.publish(bench.session, outgoing)
    return (await publishing.follow(bench.session, replace(outgoing, handle=first.handle))).remote_id


def without(session, *rights):
    kept = tuple(one for one in session.grant.scopes if one not in rights)
    return replace(session, grant=Grant(session.grant.secrets, kept))


async def test_a_long_thread_is_read_page_by_page_and_once(at_work, duty):
    bench = await at_work("facebook")
    post = await posted(bench, duty)
    first = bench.platform.comment(post, "lan", "Lan", "0")
    for number in range(1, 230):
        bench.platform.comment(first.id if number % 2 else post, "lan", "Lan", str(number))
    page = await inbox.fetch(bench.session, [post], "")
    assert {message.text for message in page.messages} == {str(number) for number in range(230)}
    nested = [message for message in page.messages if message.parent_id]
    assert len(nested) == 115
    assert {m.parent_id for m in nested} == {page.messages[0].remote_id}


async def test_a_broken_cursor_is_a_new_beginning(at_work, duty):
    bench = await at_work("facebook")
    post = await posted(bench, duty)
    bench.platform.comment(post, "lan", "Lan", "Giá?")
    for cursor in ("not json", "[]", '{"x": 5}', f'{{"{post}": "yesterday"}}'):
        assert [m.text for m in (await inbox.fetch(bench.session, [post], cursor)).messages] == ["Giá?"]


async def test_a_post_that_is_gone_has_no_comments(at_work):
    bench = await at_work("facebook")
    page = await inbox.fetch(bench.session, ["1_2"], "")
    assert page.messages == []


async def test_what_was_declined_is_not_asked_for(at_work, duty):
    bench = await at_work("facebook")
    post = await posted(bench, duty)
    bench.platform.message(bench.session.remote_id, "lan", "Lan", "Riêng")
    bench.platform.mention(bench.session.remote_id, "ha", "Hà", "Ghé đi")
    bare = without(bench.session, "pages_messaging", "pages_read_user_content", "read_insights")
    bench.faults.seen.clear()
    assert (await inbox.fetch(bare, [post], "")).messages == []
    readings = {reading.metric: reading for reading in await metrics.read(bare, [post])}
    assert readings["views"].why == "insights_declined"
    assert readings["likes"].value == 0
    assert {reading.why for reading in await metrics.account(bare)} == {"insights_declined"}
    paths = [seen.path for seen in bench.faults.seen]
    assert not any(word in path for path in paths for word in ("conversations", "tagged", "insights"))


async def test_a_name_that_meta_retired_takes_only_its_own_number(at_work, duty, monkeypatch):
    bench = await at_work("facebook")
    post = await posted(bench, duty)
    bench.platform.count(post, "views", 7)
    graph = diagnostics.page(bench.session)
    for old, new in RETIRED.items():
        if new.startswith("post_"):
            told = await insights.ask(graph, f"{post}/insights", [old, new], period="lifetime")
            assert told[old] is None
            assert told[new] is not None
    assert not {fact.field for fact in (*MANIFEST.metrics, *MANIFEST.account_metrics)} & set(RETIRED)


async def test_deeds_on_what_is_gone(at_work):
    bench = await at_work("facebook")
    for deed in (moderation.hide, moderation.like):
        with pytest.raises(Rejected) as caught:
            await deed(bench.session, "1_2", True)
        assert caught.value.reason == "gone"
        assert has_sentence("gone")
    await moderation.remove(bench.session, "1_2")


async def test_health_names_missing_rights_and_wrong_keys(at_work):
    bench = await at_work("facebook")
    good = await diagnostics.examine(bench.session)
    assert [f.reason for f in good.findings] == ["health_good"]
    assert "pages_messaging" in good.scopes
    bench.platform.memory["declined"] = ["pages_messaging", "read_insights"]
    lacking = await diagnostics.examine(bench.session)
    assert lacking.findings[0].reason == "rights_missing"
    assert lacking.findings[0].params == {"rights": "pages_messaging, read_insights"}
    wrong = replace(bench.session, app={**bench.session.app, "client_secret": "other"})
    assert [(f.state, f.reason) for f in (await diagnostics.examine(wrong)).findings] == [
        ("bad", "app_keys_wrong")
    ]
    bare = replace(bench.session, app={})
    assert (await diagnostics.examine(bare)).findings[-1].reason == "app_keys_missing"
    del bench.platform.memory["declined"]
    bench.platform.memory["desk"]["access"].clear()
    assert [f.reason for f in (await diagnostics.examine(bench.session)).findings] == ["grant_expired"]
