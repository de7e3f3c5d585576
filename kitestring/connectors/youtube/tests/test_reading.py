"""Comments at both levels, held ones, long lists, videos without comments; numbers and why they are missing; health."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.youtube import diagnostics, editing, inbox, metrics, moderation, publishing


@pytest.fixture
async def live(at_work, clip, through):
    bench = await at_work("youtube")
    done, _ = await through(bench.session, clip())
    return bench, done.remote_id


def texts(page):
    return [message.text for message in page.messages]


async def test_all_pages_are_read(live):
    bench, video = live
    for number in range(130):
        bench.platform.comment(video, f"p{number}", f"P{number}", f"Lời {number}")
    page = await inbox.fetch(bench.session, [video], "")
    assert len(set(texts(page))) == 130


async def test_a_new_answer_in_an_old_thread_is_found(live):
    bench, video = live
    first = bench.platform.comment(video, "lan", "Lan", "Mấy giờ?")
    for number in range(6):
        bench.platform.comment(first.id, "minh", "Minh", f"Chắc {number} giờ")
    page = await inbox.fetch(bench.session, [video], "")
    assert len(page.messages) == 7
    [answer] = [m for m in page.messages if m.text == "Chắc 0 giờ"]
    assert (answer.parent_id, answer.own) == (first.id, False)
    bench.platform.comment(first.id, "ha", "Hà", "7 giờ nhé")
    again = await inbox.fetch(bench.session, [video], page.cursor)
    assert "7 giờ nhé" in texts(again)


async def test_an_answer_to_an_answer_lands_in_its_thread(live, duty):
    bench, video = live
    first = bench.platform.comment(video, "lan", "Lan", "Mấy giờ?")
    bench.platform.comment(first.id, "minh", "Minh", "Chắc 7 giờ")
    page = await inbox.fetch(bench.session, [video], "")
    [theirs] = [m for m in page.messages if m.parent_id]
    done = await publishing.publish(
        bench.session, duty("reply", "Đúng rồi", reply_to=theirs.remote_id, root=video)
    )
    assert bench.platform.items[done.remote_id].parent == first.id
    assert done.url.endswith(f"&lc={done.remote_id}")


async def test_held_comments_come_in_as_such_and_are_approved(live):
    bench, video = live
    item = bench.platform.comment(video, "la", "Lạ", "Xem kênh tôi")
    item.extra["held"] = True
    [held] = (await inbox.fetch(bench.session, [video], "")).messages
    assert held.awaits_moderation
    await moderation.approve(bench.session, held.remote_id)
    [shown] = (await inbox.fetch(bench.session, [video], "")).messages
    assert not shown.awaits_moderation


async def test_a_video_without_comments_or_gone_stops_nothing(live, clip, through):
    bench, video = live
    other, _ = await through(bench.session, clip("Khác"))
    bench.platform.memory["comments_off"] = {other.remote_id: True}
    bench.platform.comment(video, "lan", "Lan", "Ngon!")
    page = await inbox.fetch(bench.session, ["gonegonegon", other.remote_id, video], "")
    assert texts(page) == ["Ngon!"]


async def test_what_is_answered_is_gone_or_may_not_be(live, duty):
    bench, video = live
    first = bench.platform.comment(video, "lan", "Lan", "Mấy giờ?")
    bench.platform.memory["comments_off"] = {video: True}
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("reply", "7 giờ", reply_to=first.id, root=video))
    assert caught.value.reason == "comments_off"
    bench.platform.remove(first.id)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("reply", "7 giờ", reply_to=first.id, root=video))
    assert (caught.value.field, caught.value.reason) == ("reply_to", "deleted")


async def test_deeds_on_what_is_gone_are_told(live):
    bench, _ = live
    with pytest.raises(Rejected) as caught:
        await moderation.hide(bench.session, "404", True)
    assert caught.value.reason == "gone"
    await moderation.remove(bench.session, "404")


def whys(readings):
    return {reading.metric: reading.why for reading in readings if reading.value is None}


async def test_numbers_without_the_reports_say_why(live):
    bench, video = live
    bench.platform.count(video, "views", 9)
    bare = replace(bench.session.grant, scopes=bench.session.grant.scopes[:1])
    readings = await metrics.read(replace(bench.session, grant=bare), [video])
    assert whys(readings) == {"shares": "shares_declined", "saves": "shares_declined"}
    bench.platform.memory["no_analytics"] = True
    readings = await metrics.read(bench.session, [video])
    assert whys(readings) == {"shares": "reports_off", "saves": "reports_off"}
    assert {r.metric: r.value for r in readings}["views"] == 9


async def test_a_number_that_is_not_given_is_never_nought(live):
    bench, video = live
    told = metrics._counted({"viewCount": "12", "dislikeCount": None})
    assert told == {"statistics.viewCount": 12.0, "statistics.dislikeCount": None}
    readings = await metrics.read(bench.session, [video, "gonegonegon"])
    assert set(whys(r for r in readings if r.remote_id == "gonegonegon").values()) == {"not_there"}


async def test_hidden_subscribers_are_not_nought(live):
    bench, _ = live
    bench.platform.memory["hides_subscribers"] = True
    assert whys(await metrics.account(bench.session)) == {"followers": "not_given"}


async def test_a_channel_whose_newest_videos_are_all_private_is_warned(live, clip, through):
    bench, video = live
    assert [f.reason for f in (await diagnostics.examine(bench.session)).findings] == ["health_good"]
    await publishing.withdraw(bench.session, video)
    for _ in range(2):
        await through(bench.session, clip(options={"privacy": "private"}))
    [finding] = (await diagnostics.examine(bench.session)).findings
    assert (finding.state, finding.reason, finding.params) == ("warning", "all_private", {"count": 2})


async def test_an_unverified_channel_is_told_what_it_misses(live):
    bench, _ = live
    bench.platform.memory["long_uploads"] = "eligible"
    found = await diagnostics.examine(bench.session)
    assert [f.reason for f in found.findings] == ["channel_not_verified_yet"]


async def test_a_days_units_end_and_reading_waits(live):
    bench, video = live
    [day] = bench.platform.memory["quota"].values()
    day["units"] = 10_000
    with pytest.raises(RetryLater) as caught:
        await inbox.fetch(bench.session, [video], "")
    assert caught.value.reason == "quota_used"


async def test_edited_words_leave_the_rest_as_it_is(live, clip):
    bench, video = live
    row = bench.platform.memory["videos"][video]
    row["snippet"]["defaultLanguage"] = "vi"
    row["status"]["privacyStatus"] = "unlisted"
    words = replace(clip("Sửa 改"), media=())  # who changes words hands over no file
    await editing.edit(bench.session, video, words)
    assert row["snippet"]["description"] == "Sửa 改"
    assert row["snippet"]["defaultLanguage"] == "vi"
    assert row["status"]["privacyStatus"] == "unlisted"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"title": ""}, "title"), ({"text": "茶" * 1667}, "text"), ({"text": "a > b"}, "text")],
)
async def test_edited_words_that_do_not_fit_are_refused_and_nothing_is_changed(live, clip, change, field):
    bench, video = live
    before = dict(bench.platform.memory["videos"][video]["snippet"])
    with pytest.raises(Rejected) as caught:
        await editing.edit(bench.session, video, replace(clip("Sửa"), media=(), **change))
    assert caught.value.field == field
    assert bench.platform.memory["videos"][video]["snippet"] == before
