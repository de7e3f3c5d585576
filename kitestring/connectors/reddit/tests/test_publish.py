"""Posts as Reddit takes them, found again after a lost answer, refused before they leave, taken back and changed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published, Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.reddit import drafting, editing, publishing
from kitestring.connectors.reddit.emulated.world import FLAIRS

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
Picture = Callable[..., Media]
TEA = {"subreddit": "tea"}


async def begun(session: Session, outgoing: Outgoing) -> Outgoing:
    """The duty with the handle its first step leaves."""
    outcome = await publishing.publish(session, outgoing)
    assert isinstance(outcome, Processing)
    assert not outcome.handed_over
    return replace(outgoing, handle=outcome.handle)


async def posted(session: Session, outgoing: Outgoing) -> Published:
    done = await publishing.follow(session, await begun(session, outgoing))
    assert isinstance(done, Published)
    return done


async def refused(session: Session, outgoing: Outgoing) -> ConnectorError:
    with pytest.raises(ConnectorError) as raised:
        await posted(session, outgoing)
    return raised.value


async def test_a_text_post_goes_to_its_community_with_flair_and_marks(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("reddit")
    template = FLAIRS["tea"][0][0]
    options = {**TEA, "flair": f"tea/{template}", "nsfw": "yes", "spoiler": ""}
    done = await posted(
        bench.session, duty("text", "Dòng một\nDòng hai", title="  Trà  sen ", options=options)
    )
    item = bench.platform.items[done.remote_id]
    assert (item.title, item.text) == ("Trà sen", "Dòng một  \nDòng hai")
    assert (item.extra["sr"], item.extra["flair"]) == ("tea", template)
    assert (item.extra["nsfw"], item.extra["spoiler"]) == (True, False)
    assert done.url.endswith(f"/comments/{done.remote_id[3:]}/post/")


async def test_places_and_flairs_are_found_when_connecting(at_work: AtWork) -> None:
    settings = (await at_work("reddit")).connected.settings
    assert [one["value"] for one in settings["subreddits"]] == ["u_hien_ca_phe", "tea", "vietnam", "coffee"]
    flairs = [one["label"] for one in settings["flairs"]]
    assert flairs == ["r/tea: Question", "r/tea: News", "r/coffee: Brew"]


async def test_a_link_post_takes_its_link_from_the_post_or_from_the_words(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("reddit")
    first = duty("link", "Đọc ở đây", title="Trà", link="https://vidu.example/a", options=TEA)
    item = bench.platform.items[(await posted(bench.session, first)).remote_id]
    assert (item.extra["url"], item.text) == ("https://vidu.example/a", "Đọc ở đây")
    second = duty("link", "https://vidu.example/b", title="Trà", options=TEA)
    item = bench.platform.items[(await posted(bench.session, second)).remote_id]
    assert (item.extra["url"], item.text) == ("https://vidu.example/b", "")
    with pytest.raises(Rejected) as raised:
        publishing.check(bench.session, duty("link", "không có gì", title="Trà", options=TEA))
    assert (raised.value.field, raised.value.reason) == ("link", "link_missing")


def test_the_posts_link_stands_below_the_words_where_the_post_is_none(duty: Duty) -> None:
    text = duty("text", "Mời đọc", title="Trà", link="https://vidu.example/a", options=TEA)
    assert drafting.body(text) == "Mời đọc\n\nhttps://vidu.example/a"
    assert drafting.body(replace(text, text="Xem https://vidu.example/a")) == "Xem https://vidu.example/a"


async def test_a_picture_is_polled_for_until_its_post_is_listed(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("reddit")
    bench.platform.memory["reddit"]["looks"] = 2
    ready = await begun(bench.session, duty("image", "一杯茶", title="Trà", media=(picture(),), options=TEA))
    taken = await publishing.follow(bench.session, ready)
    assert isinstance(taken, Processing)
    assert taken.handed_over
    sent = replace(ready, handle=taken.handle)
    waiting = await publishing.look_up(bench.session, sent)
    assert waiting == Processing(taken.handle, poll_after=publishing.POLL)
    done = await publishing.follow(bench.session, sent)
    assert isinstance(done, Published)
    assert bench.platform.items[done.remote_id].extra["kind"] == "image"
    assert bench.faults.stored() == 1


async def test_a_gallery_names_its_files(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("reddit")
    files = (picture("a", size=(64, 40)), picture("b", size=(40, 64)))
    done = await posted(bench.session, duty("gallery", "两张", title="Trà", media=files, options=TEA))
    item = bench.platform.items[done.remote_id]
    assert (item.extra["kind"], [one["caption"] for one in item.media]) == ("gallery", ["Một ly trà"] * 2)
    assert bench.faults.uploaded() == 2


async def test_a_file_is_brought_anew_after_reddit_did_not_take_it(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("reddit")
    kept = Kept()
    outgoing = duty("image", "Trà", title="Trà", media=(picture(),), options=TEA, uploads=kept)
    ready = await begun(bench.session, outgoing)
    bench.platform.memory["reddit"]["files"] = {}
    with pytest.raises(Rejected) as raised:
        await publishing.follow(bench.session, ready)
    assert (raised.value.field, raised.value.reason) == ("media", "file_refused")
    assert not kept.known


async def test_a_video_goes_with_its_still(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("reddit")
    film = replace(picture(), mime="video/mp4", duration=5.0)
    without = duty("video", "Trà", title="Trà", media=(film,), options=TEA)
    with pytest.raises(Rejected) as raised:
        publishing.check(bench.session, without)
    assert raised.value.reason == "cover_missing"
    ready = await begun(bench.session, replace(without, media=(replace(film, cover=film.path),)))
    handle = json.loads(ready.handle)
    assert handle["cover"] not in ("", handle["files"][0][1])
    assert isinstance(await publishing.follow(bench.session, ready), Processing)


@pytest.mark.parametrize(
    ("place", "flair", "field", "reason"),
    [
        ("missing_one", "", "options.subreddit", "subreddit_unknown"),
        ("closed_one", "", "options.subreddit", "not_allowed_there"),
        ("linksonly", "", "kind", "kind_not_there"),
        ("flaired", "", "options.flair", "flair_required"),
        ("tea", "tea/gone", "options.flair", "flair_perhaps"),
        ("tea", "coffee/x", "options.flair", "flair_elsewhere"),
        ("not a name", "", "options.subreddit", "subreddit_unknown"),
    ],
)
async def test_what_a_community_refuses_is_told_at_its_field(
    at_work: AtWork, duty: Duty, place: str, flair: str, field: str, reason: str
) -> None:
    bench = await at_work("reddit")
    options = {"subreddit": place, "flair": flair}
    error = await refused(bench.session, duty("text", "Trà", title="Trà", options=options))
    assert isinstance(error, Rejected)
    assert (error.field, error.reason) == (field, reason)
    assert not bench.platform.posts()


async def test_too_often_waits_as_long_as_reddit_says(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("reddit")
    bench.platform.memory["reddit"]["too_often"] = 7
    error = await refused(bench.session, duty("text", "Trà", title="Trà", options=TEA))
    assert isinstance(error, RetryLater)
    assert (error.reason, error.after) == ("too_often", 7 * 60 + 1)


async def test_the_same_post_elsewhere_or_of_another_kind_is_not_this_one(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("reddit")
    mine = await begun(bench.session, duty("text", "Trà mới", title="Trà", options=TEA))
    for other in (
        duty("text", "Trà mới", title="Trà", options={"subreddit": "vietnam"}),
        duty("text", "Trà cũ", title="Trà", options=TEA),
        duty("link", "Trà mới", title="Trà", link="https://vidu.example/a", options=TEA),
    ):
        await posted(bench.session, other)
    assert await publishing.look_up(bench.session, mine) is None
    done = await publishing.follow(bench.session, mine)
    assert isinstance(done, Published)
    found = await publishing.look_up(bench.session, mine)
    assert isinstance(found, Published)
    assert found.remote_id == done.remote_id


async def test_a_lost_answer_is_found_and_what_stood_before_is_not_it(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("reddit", timeout=2.0)
    before = await posted(bench.session, duty("text", "Trà mới", title="Trà", options=TEA))
    again = await begun(bench.session, duty("text", "Trà mới", title="Trà", options=TEA))
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, again)
    found = await publishing.look_up(bench.session, again)
    assert isinstance(found, Published)
    assert found.remote_id != before.remote_id
    assert len(bench.platform.posts()) == 2


async def test_words_found_without_a_handle_after_a_backup_are_for_a_person(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("reddit")
    outgoing = duty("text", "Trà mới", title="Trà", options=TEA)
    restored = replace(outgoing, restored=True)
    assert await publishing.look_up(bench.session, restored) is None
    await posted(bench.session, outgoing)
    with pytest.raises(Ambiguous) as raised:
        await publishing.look_up(bench.session, restored)
    assert raised.value.reason == "handle_lost"


async def test_a_right_that_was_not_given_is_asked_for_and_nothing_is_sent(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("reddit")
    session = replace(bench.session, grant=replace(bench.session.grant, scopes=("identity", "read")))
    asked = len(bench.faults.seen)
    with pytest.raises(GrantExpired) as raised:
        await publishing.publish(session, duty("text", "Trà", title="Trà", options=TEA))
    assert raised.value.reason == "scope_missing"
    assert len(bench.faults.seen) == asked


async def test_words_change_and_titles_links_and_messages_do_not(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("reddit")
    outgoing = duty("text", "Trà mới", title="Trà", options=TEA)
    name = (await posted(bench.session, outgoing)).remote_id
    changed = await editing.edit(bench.session, name, replace(outgoing, text="Trà sen"))
    assert (changed.remote_id, bench.platform.items[name].text) == (name, "Trà sen")
    with pytest.raises(Rejected) as title:
        await editing.edit(bench.session, name, replace(outgoing, title="Trà khác"))
    assert (title.value.field, title.value.reason) == ("title", "title_fixed")
    link = replace(outgoing, kind="link", link="https://vidu.example")
    with pytest.raises(Rejected) as fixed:
        await editing.edit(bench.session, name, link)
    assert fixed.value.reason == "words_fixed"
    with pytest.raises(Rejected) as stays:
        await publishing.withdraw(bench.session, "t4_1")
    assert stays.value.reason == "message_stays"
