"""The settings of a post: who may answer and quote, labels, languages, and the card of its link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.bluesky import publishing
from kitestring.connectors.bluesky.records import POSTGATE, THREADGATE

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
Picture = Callable[..., Media]


async def sent(bench: Any, outgoing: Outgoing) -> dict[str, Any]:
    done = await publishing.publish(bench.session, outgoing)
    assert isinstance(done, Published)
    return dict(bench.platform.items[done.remote_id].extra["record"])


def beside(bench: Any) -> dict[str, dict[str, Any]]:
    rows = bench.platform.memory["records"]
    return {uri.split("/")[3]: {"rkey": uri.split("/")[4], **row["value"]} for uri, row in rows.items()}


@pytest.mark.parametrize(
    ("chosen", "rules"),
    [
        ("nobody", []),
        ("mentioned", ["mentionRule"]),
        ("followers", ["mentionRule", "followerRule"]),
        ("following", ["mentionRule", "followingRule"]),
    ],
)
async def test_who_may_answer_stands_beside_the_post_under_its_key(
    at_work: AtWork, duty: Duty, chosen: str, rules: list[str]
) -> None:
    bench = await at_work("bluesky")
    outgoing = duty("post", "Mở cửa", options={"replies": chosen, "no_quotes": "yes"})
    done = await publishing.publish(bench.session, outgoing)
    assert isinstance(done, Published)
    found = beside(bench)
    assert [rule["$type"].partition("#")[2] for rule in found[THREADGATE]["allow"]] == rules
    assert found[THREADGATE]["post"] == found[POSTGATE]["post"] == done.remote_id
    assert found[POSTGATE]["embeddingRules"] == [{"$type": f"{POSTGATE}#disableRule"}]
    assert bench.faults.stored() == 1  # one commit: the network looks beside a post only from the post on
    assert await publishing.publish(bench.session, outgoing) == done
    assert bench.faults.stored() == 1
    await publishing.withdraw(bench.session, done.remote_id)
    assert beside(bench) == {}


async def test_a_lost_answer_to_a_post_with_a_gate_is_found_again(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    outgoing = duty("post", "Mở cửa", options={"replies": "nobody"})
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(bench.session, outgoing)
    found = await publishing.look_up(bench.session, outgoing)
    assert isinstance(found, Published)
    assert await publishing.publish(bench.session, outgoing) == found
    assert len(bench.platform.posts()) == 1
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, replace(outgoing, text="Lời khác"))
    assert caught.value.reason == "key_taken"


async def test_everybody_needs_no_gate(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    await sent(bench, duty("post", "Mở cửa", options={"replies": "everybody"}))
    assert beside(bench) == {}


async def test_labels_and_languages_stand_in_the_record(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    options = {"label": "graphic-media", "languages": "EN, zh_hans,vi"}
    record = await sent(bench, duty("post", "Trà 茶", language="vi", options=options))
    assert record["langs"] == ["vi", "en", "zh-Hans"]
    assert record["labels"]["values"] == [{"val": "graphic-media"}]


@pytest.mark.parametrize(
    ("typed", "reason"), [("en, Tiếng Việt", "language_unknown"), ("en,fr,de", "languages_too_many")]
)
async def test_languages_that_cannot_be_are_refused_at_their_field(
    at_work: AtWork, duty: Duty, typed: str, reason: str
) -> None:
    bench = await at_work("bluesky")
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("post", "Trà", language="vi", options={"languages": typed}))
    assert (caught.value.field, caught.value.reason) == ("options.languages", reason)


async def test_a_card_shows_the_picture_and_its_own_words(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("bluesky")
    options = {"card_picture": "yes", "card_title": "Thực đơn thu", "card_text": "Trà sen và bánh cốm"}
    link = "https://vidu.vn/menu"
    record = await sent(bench, duty("post", "Mới!", link=link, media=(picture(),), options=options))
    external = record["embed"]["external"]
    assert record["text"] == "Mới!"
    assert (external["uri"], external["title"], external["description"]) == (
        link, "Thực đơn thu", "Trà sen và bánh cốm",
    )  # fmt: skip
    assert external["thumb"]["mimeType"] == "image/png"


async def test_a_card_without_link_or_with_two_pictures_is_refused(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("bluesky")
    two = (picture("a"), picture("b"))
    for more in ({"media": (picture(),)}, {"media": two, "link": "https://a.vn/"}, {"link": "https://a.vn/"}):
        with pytest.raises(Rejected) as caught:
            publishing.check(bench.session, duty("post", "Mới", options={"card_picture": "yes"}, **more))
        assert (caught.value.field, caught.value.reason) == ("options.card_picture", "card_needs_link")
