"""Posts by both interfaces: what is refused before, what is sent, and never twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published, Session
from kitestring.connectorkit.emulation import Fault, Item
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.weibo import auth, finding, publishing
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
LINK = "https://vidu.example/tra"
TEXT = f"新茶到店，欢迎来喝 {LINK}"


async def share(at_work: AtWork, **more: Any) -> Any:
    return await at_work("weibo", what="share", **more)


async def begun(session: Session, duty: Outgoing) -> Outgoing:
    """The duty after its first step, with what that stored."""
    step = await publishing.publish(session, duty)
    assert isinstance(step, Processing)
    assert step.handed_over is False
    return replace(duty, handle=step.handle)


async def through(session: Session, duty: Outgoing) -> Published:
    done = await publishing.follow(session, await begun(session, duty))
    assert isinstance(done, Published)
    return done


async def refused(session: Session, duty: Outgoing) -> Rejected:
    with pytest.raises(Rejected) as caught:
        await publishing.publish(session, duty)
    return caught.value


async def test_a_share_without_own_link_or_with_a_topic_never_leaves(at_work: AtWork, duty: Duty) -> None:
    bench = await share(at_work)
    asked = len(bench.faults.seen)
    error = await refused(bench.session, duty("share", "新茶到店 https://other.example/"))
    assert (error.field, error.reason) == ("text", "own_link_missing")
    assert "vidu.example" in str(error.params["domain"])
    error = await refused(bench.session, duty("share", f"#一茶一会# 今晚 {LINK}"))
    assert (error.field, error.reason) == ("text", "topic_not_taken")
    error = await refused(bench.session, duty("share", f"Bàn 5# và bàn 7# {LINK}"))
    assert (error.reason, error.params["topic"]) == ("topic_not_taken", "# và bàn 7#")
    error = await refused(bench.session, duty("share", "茶" * 130, link=LINK))
    assert error.reason == "too_long"
    error = await refused(bench.session, duty("post", TEXT))
    assert error.reason == "kind_not_for_account"
    no_ip = replace(bench.session, settings={"own_domains": ["vidu.example"]})
    assert (await refused(no_ip, duty("share", TEXT))).reason == "ip_missing"
    assert len(bench.faults.seen) == asked


async def test_the_link_field_counts_as_the_link(at_work: AtWork, duty: Duty) -> None:
    bench = await share(at_work)
    done = await through(bench.session, duty("share", "Trà sen #moi đã về", link=LINK))
    assert bench.platform.items[done.remote_id].text == f"Trà sen #moi đã về {LINK}"
    assert done.url.startswith(f"{bench.base_url}/{bench.session.remote_id}/")


async def test_a_picture_travels_with_the_share(
    at_work: AtWork, duty: Duty, picture: Callable[..., Media]
) -> None:
    bench = await share(at_work)
    begun_ = await begun(bench.session, duty("share", TEXT, media=(picture(),)))
    # The step that posts is given no files, as by the ledger.
    done = await publishing.follow(bench.session, replace(begun_, media=()))
    assert isinstance(done, Published)
    [kept] = bench.platform.items[done.remote_id].media
    assert kept["mime"] == "image/png"
    begun_ = await begun(bench.session, duty("share", f"{TEXT} 2", media=(picture("khac"),)))
    picture("khac").path.unlink()
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, replace(begun_, media=()))
    assert caught.value.reason == "file_gone"


async def test_what_weibo_took_and_shows_late_is_found_and_not_sent_again(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await share(at_work)
    await through(bench.session, duty("share", f"早 {LINK}"))
    ready = await begun(bench.session, duty("share", TEXT))
    bench.platform.memory |= {"slow": True, "lag": 90}
    with pytest.raises(Ambiguous) as caught:
        await publishing.follow(bench.session, ready)
    assert caught.value.reason == "slow_there"
    bench.platform.memory["lag"] = 0
    found = await publishing.look_up(bench.session, ready)
    assert isinstance(found, Published)
    assert len(bench.platform.posts(bench.session.remote_id)) == 2


async def test_the_same_words_twice_are_refused_and_a_lost_first_try_is_adopted(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await share(at_work)
    ready = await begun(bench.session, duty("share", TEXT))
    first = await publishing.follow(bench.session, ready)
    # The same duty again, as after a look that came too early: Weibo refuses it, and it is the one that is live.
    assert await publishing.follow(bench.session, ready) == first
    with pytest.raises(Rejected) as caught:
        await through(bench.session, duty("share", TEXT))
    assert (caught.value.field, caught.value.reason) == ("text", "duplicate")
    assert len(bench.platform.posts(bench.session.remote_id)) == 1


async def test_what_people_post_by_hand_is_never_taken_for_ours(at_work: AtWork, duty: Duty) -> None:
    bench = await share(at_work)
    await through(bench.session, duty("share", f"早 {LINK}"))
    ready = await begun(bench.session, duty("share", TEXT))
    by_hand = Item(bench.platform.next_id(), bench.session.remote_id, TEXT, clock.now().isoformat())
    by_hand.extra["by_hand"] = True
    bench.platform.add(by_hand)
    assert await publishing.look_up(bench.session, ready) is None


async def test_a_list_that_does_not_reach_back_leaves_it_to_a_person(at_work: AtWork, duty: Duty) -> None:
    bench = await share(at_work)
    await through(bench.session, duty("share", f"早 {LINK}"))
    ready = await begun(bench.session, duty("share", TEXT))
    for number in range(finding.OPEN_PAGE - 1):
        await through(bench.session, duty("share", f"第{number}条 {LINK}"))
    assert await publishing.look_up(bench.session, ready) is None
    await through(bench.session, duty("share", f"又一条 {LINK}"))
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, ready)
    assert caught.value.reason == "not_far_enough"
    # Somebody deleted everything: an empty list proves nothing either.
    for item in bench.platform.posts(bench.session.remote_id):
        bench.platform.remove(item.id)
    with pytest.raises(Ambiguous):
        await publishing.look_up(bench.session, ready)


async def test_after_a_backup_a_person_looks(at_work: AtWork, duty: Duty) -> None:
    bench = await share(at_work)
    sent = duty("share", TEXT)
    await through(bench.session, sent)
    assert await publishing.look_up(bench.session, sent) is None
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, replace(sent, restored=True))
    assert caught.value.reason == "handle_lost"


async def test_thirty_an_hour_then_it_waits(at_work: AtWork, duty: Duty) -> None:
    bench = await share(at_work)
    for number in range(30):
        await through(bench.session, duty("share", f"第{number}条 {LINK}"))
    with pytest.raises(RetryLater) as caught:
        await through(bench.session, duty("share", TEXT))
    assert caught.value.reason == "calls_used"


async def test_an_app_that_may_not_delete_says_so(at_work: AtWork, duty: Duty) -> None:
    bench = await share(at_work)
    done = await through(bench.session, duty("share", TEXT))
    bench.platform.memory["no_destroy"] = True
    with pytest.raises(Rejected) as caught:
        await publishing.withdraw(bench.session, done.remote_id)
    assert caught.value.reason == "delete_by_hand"
    bench.platform.memory["no_destroy"] = False
    await publishing.withdraw(bench.session, done.remote_id)
    assert not bench.platform.posts(bench.session.remote_id)


async def test_nine_pictures_in_order_each_sent_once(
    at_work: AtWork, duty: Duty, picture: Callable[..., Media]
) -> None:
    bench = await at_work("weibo")
    assert bench.connected.account_type == "commercial"
    files = tuple(picture(f"anh-{number}") for number in range(9))
    sent = duty("post", "九张新茶照片", media=files, uploads=Kept(), options={"readers": "2"})
    bench.faults.next(Fault("error_before", at="upload", skip=5))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, sent)
    done = await through(bench.session, sent)
    assert bench.faults.uploaded() == 10
    item = bench.platform.items[done.remote_id]
    order = [kept.handle for place, file in enumerate(files) if (kept := sent.uploads.get(file, str(place)))]
    assert [one["id"] for one in item.media] == order
    assert item.extra["visible"] == "2"
    error = await refused(bench.session, duty("post", "十张", media=(*files, picture("muoi"))))
    assert error.reason == "media_too_many"


async def test_a_long_post_is_said_to_be_long(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("weibo")
    done = await through(bench.session, duty("post", "茶" * 140 + "#一茶一会#"))
    assert bench.platform.items[done.remote_id].text.endswith("#一茶一会#")
    assert (await refused(bench.session, duty("post", "茶" * 2001))).reason == "too_long"
    await through(bench.session, duty("post", "không liên kết nào cả"))


async def test_without_a_contract_nothing_is_connected(at_work: AtWork) -> None:
    bench = await at_work("weibo")
    bench.platform.memory["no_contract"] = True
    with pytest.raises(Rejected) as caught:
        await at_work("weibo", platform=bench.platform)
    assert (caught.value.field, caught.value.reason) == ("what", "no_contract")
    assert (await share(at_work, platform=bench.platform)).connected.account_type == "share"


async def test_what_is_typed_wrongly_is_refused_before_anybody_is_sent_away(at_work: AtWork) -> None:
    for field, typed, reason in (
        ("safe_domain", "", "domain_needed"),
        ("safe_domain", "khong phai", "domain_unreadable"),
        ("rip", "192.168.1.7", "ip_unreadable"),
    ):
        with pytest.raises(Rejected) as caught:
            await share(at_work, **{field: typed})
        assert (caught.value.field, caught.value.reason) == (field, reason)


async def test_nothing_renews_it_and_nothing_ends_it_early(at_work: AtWork) -> None:
    bench = await share(at_work)
    grant = bench.session.grant
    assert await auth.renew(bench.session) == grant
    bench.faults.next(Fault("down"))
    with pytest.raises(RetryLater):
        await auth.renew(bench.session)
    row = bench.platform.memory["desk"]["access"][grant.secrets["access_token"]]
    # Somebody agreed again meanwhile: Weibo made the token live longer.
    later = replace(bench.session, grant=replace(grant, expires_at=clock.now() + timedelta(hours=1)))
    assert (await auth.renew(later)).expires_at == pytest.approx(grant.expires_at, abs=timedelta(minutes=1))
    row["ends"] = (clock.now() + timedelta(hours=20)).isoformat()
    near = replace(bench.session, grant=replace(grant, expires_at=clock.now() + timedelta(hours=20)))
    with pytest.raises(GrantExpired) as caught:
        await auth.renew(near)
    assert caught.value.reason == "renewed_by_hand"
    bench.platform.memory["desk"]["access"].clear()
    with pytest.raises(GrantExpired) as caught:
        await auth.renew(bench.session)
    assert caught.value.reason == "grant_expired"


async def test_comments_are_answered_under_the_right_one_and_found_again(at_work: AtWork, duty: Duty) -> None:
    bench = await share(at_work)
    post = await through(bench.session, duty("share", TEXT))
    one = bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "几点开门？")
    two = bench.platform.comment(post.remote_id, "minh", "Minh", "几点开门？")
    to = [duty("reply", "七点", reply_to=f"{post.remote_id}_{c.id}", root=post.remote_id) for c in (one, two)]
    ready = [await begun(bench.session, each) for each in to]
    done = await publishing.follow(bench.session, ready[0])
    assert isinstance(done, Published)
    item = bench.platform.items[done.remote_id]
    assert (item.parent, item.text) == (one.id, "七点")
    assert await publishing.look_up(bench.session, ready[0]) == done
    # The same words under another comment are another answer.
    assert await publishing.look_up(bench.session, ready[1]) is None
    bench.platform.remove(two.id)
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, ready[1])
    assert caught.value.reason == "deleted"
    odd = duty("reply", "七点", reply_to="tin-nhan", root=post.remote_id)
    assert (await refused(bench.session, odd)).reason == "not_there"
