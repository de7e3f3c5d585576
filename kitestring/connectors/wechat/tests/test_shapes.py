"""WeChat: what we ask and what the emulator tells have the shape of the documents' own examples. WeChat gives no schema."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kitestring.connectorkit.conformance.films import film
from kitestring.connectorkit.contract import Media, Processing
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.menus import Menu, MenuItem
from kitestring.connectors.wechat import (
    auth,
    diagnostics,
    inbox,
    menus,
    metrics,
    moderation,
    publishing,
    tags,
    templates,
)
from kitestring.connectors.wechat.client import App
from kitestring.kit.http import Client

SHOWN = json.loads((Path(__file__).parent / "fixtures" / "calls.json").read_text("utf-8"))["documented"]
CALLS = {path: example for path, example in SHOWN.items() if path.startswith("/")}


def shape(value):
    """Its names and kinds, in depth; of a list, those of its first."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int) and not isinstance(value, bool) else type(value).__name__


def within(small, large):
    """Whether every name of `small` stands in `large` with the same kind."""
    if isinstance(small, dict):
        return isinstance(large, dict) and all(
            name in large and within(one, large[name]) for name, one in small.items()
        )
    if isinstance(small, list):
        return isinstance(large, list) and (not small or (bool(large) and within(small[0], large[0])))
    return small == large


def wrongs(path, asked, told):
    """What of a call does not fit the documents' example: asked exactly so; told at least so much."""
    example = CALLS[path]
    if shape(asked) != shape(example["asked"]):
        yield f"asked {shape(asked)}"
    if not within(shape(example["told"]), shape(told)):
        yield f"told {shape(told)}"


@pytest.fixture
def heard(monkeypatch):
    """(path, what was asked, what was told) of every call by JSON."""
    calls, whole = [], App.call

    async def call(self, path, payload=None, **more):
        told = await whole(self, path, payload, **more)
        if "parts" not in more:
            calls.append((path, payload, told))
        return told

    monkeypatch.setattr(App, "call", call)
    return calls


async def live(there, outgoing):
    outcome = await publishing.publish(there.session, outgoing)
    while isinstance(outcome, Processing):
        outgoing = replace(outgoing, handle=outcome.handle)
        outcome = await publishing.follow(there.session, outgoing)
    return outcome.remote_id


async def test_calls_have_the_documents_shape(at_work, duty, picture, tmp_path, heard):
    there = await at_work("wechat")
    who = there.session.remote_id
    there.platform.tell(who, "followers", 8)
    there.platform.tell(who, "followers_gained", 2)
    await metrics.account(there.session)
    await diagnostics.examine(there.session)
    path = film(tmp_path / "tea.mp4", sound=False)
    clip = Media(path, "video/mp4", path.stat().st_size, "film", duration=1.0)
    await live(there, duty("video_send", "茶", title="采茶", media=(clip,), options={"tag": "100"}))
    post = await live(there, duty("pictures", "茶", title="春茶", media=(picture(),)))
    there.platform.comment(post, "lin", "林", "好")
    (message,) = (await inbox.fetch(there.session, [post], "")).messages
    await moderation.hide(there.session, message.remote_id, True)
    await moderation.approve(there.session, message.remote_id)
    await moderation.remove(there.session, message.remote_id)
    there.platform.message(who, "lan", "Lan", "?")
    await live(there, duty("message", "在", reply_to="olan:1", root="olan"))
    taps = (MenuItem("今日", "reply", {"text": "在"}), MenuItem("店", "link", {"url": "https://tea.example"}))
    for whose in ("", "100"):
        await menus.put(there.session, Menu(taps, whose))
    await menus.read(there.session)
    await menus.remove(there.session, "100")
    await templates.listed(there.session)
    tag = await tags.make(there.session, "广东")
    await tags.rename(there.session, tag.key, "广东人")
    await tags.put_on(there.session, tag.key, "olan")
    await tags.of(there.session, "olan")
    await tags.take_off(there.session, tag.key, "olan")
    await tags.drop(there.session, tag.key)
    made = {path: (asked, told) for path, asked, told in heard if path in CALLS}
    assert made.keys() == CALLS.keys()
    assert {path: list(wrongs(path, *one)) for path, one in made.items()} == {path: [] for path in CALLS}


def test_a_broken_call_and_a_broken_answer_are_noticed():
    path = "/cgi-bin/message/custom/send"
    example = CALLS[path]
    assert list(wrongs(path, example["asked"], example["told"])) == []
    assert list(wrongs(path, {**example["asked"], "text": "在"}, example["told"]))
    assert list(wrongs(path, {**example["asked"], "kf": 1}, example["told"]))
    assert list(wrongs(path, example["asked"], {"errcode": "0", "errmsg": "ok"}))
    assert list(wrongs("/cgi-bin/tags/get", None, {"tags": [{"id": 1, "name": "x"}]}))


async def test_a_version_switched_off_is_told(at_work):
    """WeChat's paths carry no version: what it switches off answers 404 with a page, and nobody is disconnected by it."""
    there = await at_work("wechat")
    async with Client(["127.0.0.1"], allow_loopback=True) as http:
        caller = App(http, there.base_url, there.typed["app_id"], there.typed["app_secret"])
        with pytest.raises(Rejected) as raised:
            await caller.call("/cgi-bin/gone", {})
    assert raised.value.reason == "refused"
    assert await auth.renew(there.session)
