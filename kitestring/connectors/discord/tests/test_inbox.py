"""Discord: answers in the channel and in threads find their post, however deep; what is long is read page by page."""

from __future__ import annotations

import json

import pytest

from kitestring.connectors.discord import emulator, inbox, publishing
from kitestring.connectors.discord.emulated import world

NAME = "hien-ca-phe"


async def test_answers_to_answers_find_their_post(at_work, duty):
    there = await at_work("discord")
    post = (await publishing.publish(there.session, duty("post", "Trà mới"))).remote_id
    first = there.platform.comment(post, "lan", "Lan", "Giá?")
    page = await inbox.fetch(there.session, [post], "")
    second = there.platform.comment(first.id, "hoa", "Hoa", "45k")
    there.platform.comment(second.id, "lan", "Lan", "cảm ơn")
    again = await inbox.fetch(there.session, [post], page.cursor)
    assert [(m.text, m.post_remote_id, m.parent_id) for m in again.messages] == [
        ("45k", post, world.snowflake(first)),
        ("cảm ơn", post, world.snowflake(second)),
    ]


async def test_an_answer_to_an_answer_that_was_forgotten(at_work, duty):
    """Discord shows the answered message, and what that one answered, so the cursor need not know it."""
    there = await at_work("discord")
    post = (await publishing.publish(there.session, duty("post", "Trà mới"))).remote_id
    first = there.platform.comment(post, "lan", "Lan", "Giá?")
    state = json.loads((await inbox.fetch(there.session, [post], "")).cursor)
    there.platform.comment(first.id, "hoa", "Hoa", "45k")
    page = await inbox.fetch(there.session, [post], json.dumps({**state, "of": {}}))
    assert [(m.text, m.post_remote_id) for m in page.messages] == [("45k", post)]


async def test_threads_on_a_post(at_work, duty):
    there = await at_work("discord")
    post = (await publishing.publish(there.session, duty("post", "Trà mới"))).remote_id
    emulator.in_thread(there.platform, post, "lan", "Lan", "Trong chủ đề")
    page = await inbox.fetch(there.session, [post], "")
    [asked] = page.messages
    assert asked.text == "Trong chủ đề"
    assert asked.post_remote_id == post
    assert asked.remote_id.startswith(f"{post}:")
    done = await publishing.publish(there.session, duty("reply", "Dạ", reply_to=asked.remote_id, root=post))
    assert there.platform.items[done.remote_id].extra["thread"] == post
    [ours] = (await inbox.fetch(there.session, [post], page.cursor)).messages
    assert (ours.own, ours.parent_id, ours.remote_id) == (True, asked.remote_id, done.remote_id)
    await publishing.withdraw(there.session, done.remote_id)
    assert done.remote_id not in there.platform.items


async def test_long_channels_are_read_page_by_page(at_work, duty, monkeypatch):
    there = await at_work("discord")
    post = (await publishing.publish(there.session, duty("post", "Trà mới"))).remote_id
    for number in range(250):
        there.platform.comment(post, "lan", "Lan", f"số {number}")
    page = await inbox.fetch(there.session, [post], "")
    assert [m.text for m in page.messages] == [f"số {n}" for n in range(250)]
    assert (await inbox.fetch(there.session, [post], page.cursor)).messages == []
    # Where Discord says that the next call is one too many, reading goes on at the next fetch.
    monkeypatch.setitem(world.BUCKET, "X-RateLimit-Remaining", "0")
    short = await inbox.fetch(there.session, [post], "")
    assert len(short.messages) == 100
    rest = await inbox.fetch(there.session, [post], short.cursor)
    assert rest.messages[0].text == "số 100"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"content": "chào <@77> và <@!5>", "mentions": [{"id": "77", "username": "lan", "global_name": "Lan Anh"}]},
         "chào @Lan Anh và <@!5>"),
        ({"content": "ngon <:tra_sen:123> <a:vui:4>"}, "ngon :tra_sen: :vui:"),
        ({"content": "", "attachments": [{"filename": "hoa-don.pdf"}]}, "📎 hoa-don.pdf"),
        ({"content": "", "sticker_items": [{"name": "Wave"}]}, "📎 Wave"),
        ({"content": "  "}, ""),
    ],
)  # fmt: skip
def test_words_as_people_read_them(raw, said):
    assert inbox.words(raw) == said


async def test_what_is_no_answer_of_ours_is_left_out(at_work, duty):
    there = await at_work("discord")
    post = (await publishing.publish(there.session, duty("post", "Trà mới"))).remote_id
    other = (await publishing.publish(there.session, duty("post", "Khác"))).remote_id
    there.platform.comment(other, "lan", "Lan", "dưới bài khác")
    there.platform.comment(post, "lan", "Lan", " ")
    assert (await inbox.fetch(there.session, [post], "")).messages == []
