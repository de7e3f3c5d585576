"""Pins: boards, several pictures, links, and finding again what went out unheard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Published
from kitestring.connectorkit.emulation import Fault, Item
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.pinterest import auth, editing, emulator, marks, publishing
from kitestring.connectors.pinterest.client import api
from kitestring.kit import clock
from kitestring.kit.ids import uuid7

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
Picture = Callable[..., Media]


async def published(bench: Any, outgoing: Outgoing) -> Item:
    done = await publishing.publish(bench.session, outgoing)
    assert isinstance(done, Published)
    assert done.url == f"{bench.base_url}/pin/{done.remote_id}/"
    return bench.platform.items[done.remote_id]


async def test_a_pin_of_several_pictures(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    media = (picture("mot", "Một"), picture("hai", "Hai"), picture("ba", "Hai"))
    pin = await published(
        bench, duty("pin", "Trà sen 新茶", title="Trà", media=media, link="https://vidu.vn/a")
    )
    assert [one["link"] for one in pin.media] == ["https://vidu.vn/a"] * 3
    assert (pin.title, pin.text, pin.extra["alt"]) == ("Trà", "Trà sen 新茶", "Một\nHai")
    assert pin.extra["link"] == "https://vidu.vn/a"


async def test_one_picture_goes_alone(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    pin = await published(bench, duty("pin", "", media=(picture(),)))
    assert [one["mime"] for one in pin.media] == ["image/png"]
    assert pin.media[0]["size"] == picture().size


async def test_with_several_boards_one_must_be_chosen(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    second = emulator.add_board(bench.platform, "hien-ca-phe", "Công thức 配方")
    emulator.add_board(bench.platform, "hien-ca-phe", "Ads", ads_only=True)
    known = await auth.boards(api(bench.session))
    assert [board["label"] for board in known] == ["Từ tiệm của chúng tôi", "Công thức 配方"]
    bench.session = replace(bench.session, settings={"boards": known})
    outgoing = duty("pin", "Trà", media=(picture(),))
    seen = len(bench.faults.seen)
    with pytest.raises(Rejected, match="board_missing") as caught:
        await publishing.publish(bench.session, outgoing)
    assert (caught.value.field, len(bench.faults.seen)) == ("options.board", seen)
    pin = await published(bench, replace(outgoing, options={"board": second}))
    assert pin.extra["board"] == second


async def test_a_board_that_is_gone(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Trà", media=(picture(),), options={"board": "99999"})
    with pytest.raises(Rejected, match="board_gone") as caught:
        await publishing.publish(bench.session, outgoing)
    assert caught.value.field == "options.board"
    assert await publishing.look_up(bench.session, outgoing) is None


async def test_an_account_without_boards(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    bare = auth.connected({"id": "7", "username": "moi"}, [], bench.session.grant)
    assert bare.capabilities == {"publishing": "no_boards"}
    assert (bare.account_type, bare.name) == ("personal", "moi")
    with pytest.raises(Rejected, match="no_boards"):
        publishing.check(
            replace(bench.session, settings=bare.settings), duty("pin", "Trà", media=(picture(),))
        )


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"link": "https://vidu.vn/" + "a" * 2033}, "link", "link_too_long"),
        ({"link": "vidu.vn"}, "link", "link_wrong"),
        ({"options": {"sponsor_id": "Trà Việt"}}, "options.sponsor_id", "sponsor_wrong"),
        ({"text": "茶" * 501}, "text", "too_long"),
        ({"title": "ồ" * 101}, "title", "title_too_long"),
    ],
)
async def test_it_refuses_before_sending(
    at_work: AtWork, duty: Duty, picture: Picture, changed: dict[str, Any], field: str, reason: str
) -> None:
    bench = await at_work("pinterest")
    seen = len(bench.faults.seen)
    outgoing = replace(duty("pin", "Trà", media=(picture(),)), **changed)
    with pytest.raises(Rejected, match=reason) as caught:
        await publishing.publish(bench.session, outgoing)
    assert (caught.value.field, len(bench.faults.seen)) == (field, seen)


async def test_the_longest_that_fits(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    link = "https://vidu.vn/" + "a" * 2032
    media = (picture(alt="ế" * 500),)
    pin = await published(bench, duty("pin", "茶" * 500, title="ồ" * 100, media=media, link=link))
    assert (len(pin.text), len(pin.title), len(pin.extra["link"])) == (500, 100, 2048)


async def test_descriptions_together_too_long(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    media = (picture("mot", "ế" * 300), picture("hai", "茶" * 300))
    with pytest.raises(Rejected, match="alts_too_long") as caught:
        publishing.check(bench.session, duty("pin", "Trà", media=media))
    assert caught.value.params == {"limit": 500, "over": 101}


async def test_it_is_found_although_the_only_board_is_no_longer_the_only_one(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Trà", media=(picture(),))
    pin = await published(bench, outgoing)
    second = emulator.add_board(bench.platform, "hien-ca-phe", "Công thức 配方")
    both = [*bench.session.settings["boards"], {"value": second, "label": "Công thức 配方"}]
    found = await publishing.look_up(replace(bench.session, settings={"boards": both}), outgoing)
    assert isinstance(found, Published)
    assert found.remote_id == pin.id
    elsewhere = replace(outgoing, options={"board": second})
    assert await publishing.look_up(bench.session, elsewhere) is None


async def test_a_paid_partnership_names_its_sponsor(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    bench.platform.memory["partnerships"] = True
    options = {"sponsor_id": "549755885175"}
    pin = await published(bench, duty("pin", "Trà", media=(picture(),), options=options))
    assert pin.extra["sponsor"] == "549755885175"


async def test_a_partnership_outside_the_beta_is_told(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    with pytest.raises(Rejected, match="not_permitted"):
        await publishing.publish(
            bench.session, duty("pin", "Trà", media=(picture(),), options={"sponsor_id": "549755885175"})
        )
    assert not bench.platform.posts()


async def test_a_pin_whose_colour_was_changed_is_for_a_person(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Trà  sen", title="Trà", media=(picture(),))
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(bench.session, outgoing)
    (pin,) = bench.platform.posts()
    found = await publishing.look_up(bench.session, outgoing)
    assert isinstance(found, Published)
    assert found.remote_id == pin.id
    pin.extra["colour"] = "#6E7874"
    with pytest.raises(Ambiguous, match="look_up_unclear"):
        await publishing.look_up(bench.session, outgoing)
    pin.at = (clock.now() - timedelta(days=3)).isoformat()
    assert await publishing.look_up(bench.session, outgoing) is None


async def test_our_colour_under_other_words_is_for_a_person(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Trà sen", media=(picture(),))
    pin = await published(bench, outgoing)
    pin.text = "Trà nhài"
    with pytest.raises(Ambiguous, match="look_up_unclear"):
        await publishing.look_up(bench.session, outgoing)
    pin.extra["colour"] = marks.colour(uuid7())
    assert await publishing.look_up(bench.session, outgoing) is None


async def test_it_is_found_behind_many_others(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Trà sen", media=(picture(),))
    pin = await published(bench, outgoing)
    later = clock.now().isoformat()
    for number in range(600):
        extra = {"board": pin.extra["board"]}
        bench.platform.add(Item(str(900_000 + number), "hien-ca-phe", f"Số {number}", later, extra=extra))
    found = await publishing.look_up(bench.session, outgoing)
    assert isinstance(found, Published)
    assert found.remote_id == pin.id
    assert sum("/pins?" in seen.path for seen in bench.faults.seen) == 3


def test_marks_hold_together() -> None:
    keys = [UUID(int=number) for number in range(400)]
    assert all(marks.is_marked(marks.colour(key)) for key in keys)
    assert len({marks.colour(key) for key in keys}) > 300
    assert not any(marks.is_marked(shown) for shown in ("", "#6E7874", "#e8d3db", "#ffffff", "pale"))
    assert marks.same("e8d3DB", "#E8D3db")
    strays = [f"#{red:02x}{green:02x}c9" for red in range(192, 256) for green in range(192, 256)]
    assert sum(map(marks.is_marked, strays)) < len(strays) / 100


async def test_words_and_link_are_changed(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Trà sen", title="Trà", media=(picture(),), link="https://vidu.vn")
    pin = await published(bench, outgoing)
    changed = replace(outgoing, text="Trà nhài 茉莉花茶", title="", link="", media=())
    done = await editing.edit(bench.session, pin.id, changed)
    assert (done.remote_id, pin.title, pin.text, pin.extra["link"]) == (pin.id, "", "Trà nhài 茉莉花茶", None)
    assert pin.extra["alt"] == "Một ly trà"
    with pytest.raises(Rejected, match="too_long"):
        await editing.edit(bench.session, pin.id, replace(changed, text="茶" * 501))
    bench.platform.memory["no_beta"] = True
    with pytest.raises(Rejected, match="editing_closed"):
        await editing.edit(bench.session, pin.id, changed)
    with pytest.raises(Rejected, match="not_there"):
        await editing.edit(bench.session, "123456", changed)
