"""WeChat: readers' comments are made public, hidden and deleted; who may comment is chosen with the post."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.contract import Processing
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.wechat import inbox, moderation, publishing
from kitestring.connectors.wechat.emulated import comments


@pytest.fixture
def publish(duty, picture):
    async def make(there, **options):
        outgoing = duty("publish", "明前龙井", title="春茶", media=(picture(),), options=options)
        outcome = await publishing.publish(there.session, outgoing)
        while isinstance(outcome, Processing):
            outgoing = duty("publish", "明前龙井", title="春茶", media=outgoing.media, handle=outcome.handle)
            outcome = await publishing.follow(there.session, outgoing)
        return outcome.remote_id

    return make


@pytest.fixture
async def asked(at_work, publish):
    """A comment that the account's own rule held back."""
    there = await at_work("wechat")
    post = await publish(there)
    item = there.platform.comment(post, "lin", "林", "多少钱一两？")
    item.extra["held"] = True
    (message,) = (await inbox.fetch(there.session, [post], "")).messages
    return there, post, item, message


async def test_a_held_comment_is_let_through(asked):
    there, post, item, message = asked
    assert message.awaits_moderation
    await moderation.approve(there.session, message.remote_id)
    assert not item.extra["held"]
    (fresh,) = (await inbox.fetch(there.session, [post], "")).messages
    assert not fresh.awaits_moderation


async def test_hidden_and_shown_again(asked):
    there, post, item, message = asked
    await moderation.approve(there.session, message.remote_id)
    await moderation.hide(there.session, message.remote_id, True)
    assert item.extra["hidden"]
    assert (await inbox.fetch(there.session, [post], "")).messages[0].awaits_moderation
    await moderation.hide(there.session, message.remote_id, False)
    assert not item.extra["hidden"]


async def test_deleted_with_the_reply_it_has(asked, duty):
    there, post, item, message = asked
    reply = duty("reply", "一两 68 元", reply_to=message.remote_id, root=post)
    live = await publishing.publish(there.session, reply)
    await moderation.remove(there.session, live.remote_id)
    assert live.remote_id not in there.platform.items
    assert item.id in there.platform.items
    await publishing.publish(there.session, reply)
    await moderation.remove(there.session, message.remote_id)
    await moderation.remove(there.session, message.remote_id)
    assert there.platform.comments(post) == []
    for deed in (
        moderation.approve(there.session, message.remote_id),
        moderation.hide(there.session, message.remote_id, True),
    ):
        with pytest.raises(Rejected) as raised:
            await deed
        assert raised.value.reason == "gone"


async def test_an_article_that_is_gone(asked):
    there, post, _item, message = asked
    there.platform.remove(post)
    await moderation.remove(there.session, message.remote_id)
    with pytest.raises(Rejected) as raised:
        await moderation.approve(there.session, message.remote_id)
    assert raised.value.reason == "gone"


async def test_only_so_many_are_elected(asked, monkeypatch):
    there, post, item, message = asked
    monkeypatch.setattr(comments, "ELECTED", 2)
    for n in range(2):
        there.platform.comment(post, f"r{n}", "", "好")
    with pytest.raises(Rejected) as raised:
        await moderation.approve(there.session, message.remote_id)
    assert raised.value.reason == "too_many_elected"
    assert item.extra["held"]


async def test_a_lost_answer_is_asked_for_again(asked):
    there, _post, item, message = asked
    there.faults.next(Fault("drop_after"))
    with pytest.raises(RetryLater):
        await moderation.approve(there.session, message.remote_id)
    await moderation.approve(there.session, message.remote_id)
    assert not item.extra["held"]


@pytest.mark.parametrize(
    ("chosen", "opened", "followers"),
    [({}, True, False), ({"comments": "followers"}, True, True), ({"comments": "nobody"}, False, False)],
)
async def test_who_may_comment(at_work, publish, chosen, opened, followers):
    there = await at_work("wechat")
    item = there.platform.items[await publish(there, **chosen)]
    assert (item.extra["comments"], item.extra["followers_only"]) == (opened, followers)


async def test_where_the_account_has_no_comments_none_are_opened(at_work, publish):
    there = await at_work("wechat", account_type="subscription_verified")
    there.session.settings["comments"] = False
    item = there.platform.items[await publish(there, comments="followers")]
    assert (item.extra["comments"], item.extra["followers_only"]) == (False, False)
