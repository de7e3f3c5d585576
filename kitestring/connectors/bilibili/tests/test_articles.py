"""Articles: what the form holds, how the review shows in the lists, pictures that go up once, and how short one may be."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kitestring.connectorkit.contract import Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.bilibili import articles, emulator, publishing

LONG = "新茶到店，欢迎来坐。" * 25


def rows(bench):
    return bench.platform.memory.get("articles", {})


def uploads(bench):
    return [one for one in bench.faults.seen if one.path.endswith("/article/upload/image")]


@pytest.mark.parametrize(
    ("pictures", "template", "covers"), [(0, "5", 0), (1, "4", 1), (2, "4", 1), (3, "3", 3), (5, "3", 3)]
)
async def test_the_template_says_how_many_covers_there_are(
    at_work, essay, picture, through, pictures, template, covers
):
    bench = await at_work("bilibili")
    media = tuple(picture(f"anh-{n}", alt=f'Ảnh "{n}"') for n in range(pictures))
    done, _ = await through(bench.session, essay(media=media, link="https://vidu.vn/tra"))
    assert isinstance(done, Published)
    assert done.url == f"{bench.base_url}/read/{done.remote_id}"
    told = rows(bench)[done.remote_id]["fields"]
    assert told["template_id"] == template
    assert len([url for url in told.get("image_urls", "").split(",") if url]) == covers
    assert told["content"].count("<img ") == pictures
    assert "Ảnh &quot;0&quot;" in told["content"] or not pictures
    assert '<a href="https://vidu.vn/tra">' in told["content"]
    assert bench.platform.items[done.remote_id].text.startswith(LONG)


async def test_a_summary_is_the_beginning_of_the_text_or_what_was_written(at_work, essay, through):
    bench = await at_work("bilibili")
    bench.platform.memory["no_limits"] = True
    done, _ = await through(bench.session, essay("# 春茶\n\n" + LONG))
    assert rows(bench)[done.remote_id]["fields"]["summary"] == ("春茶 " + LONG)[:200]
    settings = {
        "category": "13",
        "summary": "今年的春茶",
        "tags": "茶、春天",
        "original": "yes",
        "no_comments": "yes",
    }
    done, _ = await through(bench.session, essay(options=settings))
    told = rows(bench)[done.remote_id]["fields"]
    assert {key: told[key] for key in ("category", "summary", "tags", "original", "up_closed_reply")} == {
        "category": "13", "summary": "今年的春茶", "tags": "茶,春天", "original": "1", "up_closed_reply": "1",
    }  # fmt: skip


async def test_a_short_one_needs_three_pictures(at_work, essay, picture, through):
    bench = await at_work("bilibili")
    media = tuple(picture(f"anh-{n}") for n in range(3))
    for some in (media[:2], ()):
        with pytest.raises(Rejected) as caught:
            await publishing.publish(bench.session, essay("新茶", media=some))
        assert (caught.value.field, caught.value.reason) == ("text", "too_short_or_pictures")
        assert caught.value.params == {"count": 2, "least": 200, "lacking": 198, "files": 3}
    done, _ = await through(bench.session, essay("新茶", media=media))
    assert isinstance(done, Published)


async def test_pictures_go_up_once_each_in_its_place(at_work, essay, picture, through):
    bench = await at_work("bilibili")
    same = picture("anh")
    outgoing = essay(media=(same, same))
    bench.faults.next(Fault("error_before", at="upload", skip=1))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    done, _ = await through(bench.session, outgoing)
    assert isinstance(done, Published)
    assert len(uploads(bench)) == 3
    [url, other] = [one.handle for one, _ in outgoing.uploads.known.values()]
    assert url != other


async def test_the_lists_tell_how_the_review_went(at_work, essay, through):
    bench = await at_work("bilibili")
    bench.platform.memory["review"] = "by_hand"
    outcome, known = await through(bench.session, essay(), most=4)
    assert isinstance(outcome, Processing)
    assert outcome.waits_for == "under_review"
    made = json.loads(known.handle)["id"]
    bench.platform.memory["refusing"] = "内容与分类不符"
    emulator.confirm(bench.platform, known.handle)
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, known)
    assert (caught.value.reason, caught.value.said) == ("review_refused", "内容与分类不符")
    await publishing.withdraw(bench.session, made)
    await publishing.withdraw(bench.session, made)
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, known)
    assert caught.value.reason == "work_gone"


async def test_a_review_that_ends_while_it_is_asked_for_is_not_taken_for_a_deletion(
    at_work, essay, monkeypatch
):
    """It leaves the list of what is under way before that list is read, and is in no list for a moment."""
    bench = await at_work("bilibili")
    first = await publishing.publish(bench.session, essay())
    known = essay(handle=first.handle)
    known = replace(known, handle=(await publishing.follow(bench.session, known)).handle)
    monkeypatch.setattr(articles, "PAGES", 0)
    outcome = await publishing.follow(bench.session, known)
    assert isinstance(outcome, Processing)


async def test_a_lost_answer_is_looked_for_on_every_page_of_the_list(at_work, essay, through, monkeypatch):
    monkeypatch.setattr(articles, "PAGE", 2)
    bench = await at_work("bilibili")
    bench.platform.memory["no_limits"] = True
    outgoing = essay(title="春茶记")
    known = replace(outgoing, handle=(await publishing.publish(bench.session, outgoing)).handle)
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, known)
    [ours] = rows(bench)
    for number in range(3):
        await through(bench.session, essay(title=f"别的{number}"))
    found = await publishing.look_up(bench.session, known)
    assert isinstance(found, Processing)
    assert json.loads(found.handle)["id"] == ours
