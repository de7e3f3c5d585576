"""What stands in the record: text, pictures, cards, the thread; and what is refused in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Published
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.bluesky import publishing

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
Picture = Callable[..., Media]


async def published(bench: Any, outgoing: Outgoing) -> tuple[Published, dict[str, Any]]:
    done = await publishing.publish(bench.session, outgoing)
    assert isinstance(done, Published)
    return done, bench.platform.items[done.remote_id].extra["record"]


async def test_pictures_carry_their_words_and_shape(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("bluesky")
    media = (picture("a", alt="Một"), picture("b", alt="Hai"))
    _, record = await published(bench, duty("post", "Hai tách", media=media, language="zh-hans"))
    assert [i["alt"] for i in record["embed"]["images"]] == ["Một", "Hai"]
    assert record["embed"]["images"][0]["aspectRatio"] == {"width": 640, "height": 400}
    assert record["langs"] == ["zh-Hans"]


async def test_a_link_alone_is_a_card_and_with_pictures_closes_the_text(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("bluesky")
    link = "http://127.0.0.1:8420/l/abc"
    _, card = await published(bench, duty("post", "Thực đơn", link=link))
    assert card["embed"]["external"]["uri"] == link
    assert card["text"] == "Thực đơn"
    _, shown = await published(bench, duty("post", "Thực đơn", link=link, media=(picture(),)))
    assert shown["text"] == f"Thực đơn\n{link}"
    assert shown["facets"][0]["features"][0]["uri"] == link
    _, twice = await published(bench, duty("post", f"Xem {link} nhé", link=link, media=(picture(),)))
    assert twice["text"].count(link) == 1


async def test_the_link_that_joins_the_text_counts(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("bluesky")
    outgoing = duty("post", "x" * 295, link="https://vidu.vn/menu", media=(picture(),))
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, outgoing)
    assert caught.value.reason == "too_long"


async def test_an_answer_to_an_answer_keeps_the_root(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    done, _ = await published(bench, duty("post", "Mở cửa"))
    bench.platform.comment(done.remote_id, "lan", "Lan", "Mấy giờ?")
    page = await bench.power.inbox.fetch(bench.session, [done.remote_id], "")
    first, record = await published(bench, duty("reply", "7 giờ", reply_to=page.messages[0].remote_id))
    assert record["reply"]["root"]["uri"] == done.remote_id
    _, second = await published(bench, duty("reply", "sáng nhé", reply_to=first.remote_id))
    assert second["reply"]["root"]["uri"] == done.remote_id
    assert second["reply"]["parent"]["uri"] == first.remote_id


async def test_answers_that_cannot_be_are_refused_in_words(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    gone = f"at://{bench.session.remote_id}/app.bsky.feed.post/3kaaaaaaaaaa2"
    for reply_to in (gone, "not an address"):
        with pytest.raises(Rejected) as caught:
            await publishing.publish(bench.session, duty("reply", "Ơ", reply_to=reply_to))
        assert (caught.value.field, caught.value.reason) == ("reply_to", "deleted")


async def test_another_text_under_the_same_key_is_never_overwritten(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    outgoing = duty("post", "Lời đầu")
    done, _ = await published(bench, outgoing)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, replace(outgoing, text="Lời khác"))
    assert caught.value.reason == "key_taken"
    assert bench.platform.items[done.remote_id].text == "Lời đầu"


async def test_only_our_own_posts_are_withdrawn(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    for address in ("at://did:plc:someoneelse/app.bsky.feed.post/3k", "nothing"):
        with pytest.raises(Rejected) as caught:
            await publishing.withdraw(bench.session, address)
        assert caught.value.reason == "not_there"


async def test_a_part_answers_our_own_record_before_the_network_has_it(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    head, _ = await published(bench, duty("post", "Một"))
    bench.faults.seen.clear()
    two, first = await published(bench, duty("reply", "Hai", reply_to=head.remote_id, root=head.remote_id))
    _, second = await published(bench, duty("reply", "Ba", reply_to=two.remote_id, root=head.remote_id))
    assert not [seen for seen in bench.faults.seen if "getPosts" in str(seen)]
    assert first["reply"]["parent"] == first["reply"]["root"]
    assert second["reply"]["parent"]["uri"] == two.remote_id
    assert second["reply"]["root"] == first["reply"]["root"]
