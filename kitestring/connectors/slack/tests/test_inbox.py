"""Slack: answers, mentions and private messages come in once, by name; nothing is asked for that has not changed."""

from __future__ import annotations

import json

from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.slack import inbox, publishing
from kitestring.connectors.slack.emulated import world

NAME = "hien-ca-phe"


async def posted(there, duty, text="Trà mới"):
    return (await publishing.publish(there.session, duty("post", text))).remote_id


async def test_answers_by_name(at_work, duty):
    there = await at_work("slack")
    post = await posted(there, duty)
    asked = there.platform.comment(post, "lan-anh", "Lan Anh", "Giá <bao> nhiêu & khi nào?")
    [message] = (await inbox.fetch(there.session, [post], "")).messages
    assert (message.author_name, message.author_handle) == ("Lan Anh", "@lan_anh")
    assert message.author_avatar_url == f"https://avatars.example/{world.person('lan-anh')}.png"
    assert message.text == "Giá <bao> nhiêu & khi nào?"
    assert message.remote_id == world.ts(asked)


async def test_only_threads_with_something_new_are_asked_for(at_work, duty):
    there = await at_work("slack")
    posts = [await posted(there, duty, f"bài {n}") for n in range(5)]
    there.platform.comment(posts[2], "lan", "Lan", "một")
    page = await inbox.fetch(there.session, posts, "")
    assert [m.text for m in page.messages] == ["một"]
    before = len(there.faults.seen)
    again = await inbox.fetch(there.session, posts, page.cursor)
    assert again.messages == []
    paths = [seen.path.partition("?")[0] for seen in there.faults.seen[before:]]
    assert paths == ["/conversations.history", "/conversations.list"]


async def test_posts_too_old_for_the_channels_list_are_asked_for_in_turn(at_work, duty, monkeypatch):
    monkeypatch.setattr(inbox, "PAGES", 1)
    monkeypatch.setattr(inbox, "AT_ONCE", 2)
    there = await at_work("slack")
    posts = [await posted(there, duty, f"bài {n}") for n in range(5)]
    for number in range(300):
        there.platform.mention(there.session.remote_id, "minh", "Minh", f"chuyện {number}")
    for post in posts:
        there.platform.comment(post, "lan", "Lan", f"dưới {post}")
    cursor, found = "", set()
    for _round in range(3):
        page = await inbox.fetch(there.session, posts, cursor)
        found |= {m.post_remote_id for m in page.messages if m.kind == "comment"}
        cursor = page.cursor
    assert found == set(posts)


async def test_a_thread_of_hundreds(at_work, duty):
    there = await at_work("slack")
    post = await posted(there, duty)
    for number in range(450):
        there.platform.comment(post, "lan", "Lan", f"số {number}")
    page = await inbox.fetch(there.session, [post], "")
    assert [m.text for m in page.messages] == [f"số {n}" for n in range(450)]
    assert (await inbox.fetch(there.session, [post], page.cursor)).messages == []


async def test_private_messages_without_the_right_to_them(at_work, duty):
    platform = Platform()
    platform.memory["scopes"] = [one for one in world.SCOPES if not one.startswith("im:")]
    there = await at_work("slack", platform=platform)
    there.platform.message(there.session.remote_id, "lan", "Lan", "chào")
    assert (await inbox.fetch(there.session, [], "")).messages == []
    assert "conversations.list" not in str([seen.path for seen in there.faults.seen])


async def test_private_talks_are_told_apart(at_work, duty):
    there = await at_work("slack")
    for author in ("lan", "minh"):
        there.platform.message(there.session.remote_id, author, author.title(), f"chào, {author}")
    page = await inbox.fetch(there.session, [], "")
    assert {(m.thread, m.text) for m in page.messages} == {
        (world.talk(NAME, author), f"chào, {author}") for author in ("lan", "minh")
    }
    asked = next(m for m in page.messages if m.author_name == "Lan")
    done = await publishing.publish(
        there.session, duty("message", "Dạ", reply_to=asked.remote_id, root=asked.thread)
    )
    assert [i.text for i in there.platform.talk("lan")] == ["chào, lan", "Dạ"]
    [ours] = (await inbox.fetch(there.session, [], page.cursor)).messages
    assert (ours.own, ours.remote_id, ours.kind) == (True, done.remote_id, "message")
    assert await publishing.look_up(there.session, duty("message", "Dạ", reply_to=asked.remote_id)) is None
    await publishing.withdraw(there.session, done.remote_id)
    assert [i.text for i in there.platform.talk("lan")] == ["chào, lan"]


async def test_who_cannot_be_asked_for_keeps_the_number(at_work, duty):
    platform = Platform()
    platform.memory["scopes"] = [one for one in world.SCOPES if one != "users:read"]
    there = await at_work("slack", platform=platform)
    post = await posted(there, duty)
    there.platform.comment(post, "lan", "Lan", "chào")
    [message] = (await inbox.fetch(there.session, [post], "")).messages
    assert message.author_name == world.person("lan")


async def test_mentions_name_the_bot_and_answers_are_none(at_work, duty):
    there = await at_work("slack")
    post = await posted(there, duty)
    there.platform.mention(there.session.remote_id, "minh", "Minh", "ghé quán này")
    page = await inbox.fetch(there.session, [post], "")
    assert [(m.kind, m.text) for m in page.messages] == [("mention", f"@{world.bot_user(NAME)} ghé quán này")]
    assert (await inbox.fetch(there.session, [post], page.cursor)).messages == []


async def test_the_cursor_stays_small(at_work, duty, monkeypatch):
    monkeypatch.setattr(inbox, "KNOWN", 3)
    there = await at_work("slack")
    post = await posted(there, duty)
    for number in range(6):
        there.platform.comment(post, f"p{number}", f"P{number}", "x")
    page = await inbox.fetch(there.session, [post], "")
    assert len(json.loads(page.cursor)["names"]) == 3
    other = await posted(there, duty, "khác")
    assert json.loads((await inbox.fetch(there.session, [other], page.cursor)).cursor)["posts"] == {}
