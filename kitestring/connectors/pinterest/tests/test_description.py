"""Every request of the connector and every answer of the emulator against Pinterest's own description, 5.23.0."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError, Rejected
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.pinterest import auth, diagnostics, editing, emulator, metrics, publishing, videos
from kitestring.connectors.pinterest.client import api
from tests.descriptions.openapi import Description, described, watching

pytestmark = [
    pytest.mark.specs,
    # The description names OAuth 2, which the validator does not know; the emulator checks the token itself.
    pytest.mark.filterwarnings("ignore:Unsupported scheme type"),
]
AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
Picture = Callable[..., Media]


def mend(found: dict[str, Any]) -> None:
    """As described, a metric that pictures and videos share ("SAVE") fits both lists and so "exactly one" of none."""
    asked = found["components"]["parameters"]["query_pin_analytics_metric_types"]["schema"]
    asked["items"] = {"anyOf": asked["items"]["oneOf"]}


def description() -> Description:
    return described("pinterest/openapi-5.23.0.subset.json", base="/v5", mend=mend)


async def test_both_sides_keep_to_the_description(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    async with watching(bench.session, description()) as watched:
        session: Session = watched.session
        await diagnostics.examine(session)
        one = duty("pin", "Trà sen 新茶", title="Trà", media=(picture(),), link="https://vidu.vn/a")
        several = duty("pin", "", media=(picture("mot"), picture("hai"), picture("ba")))
        done = await publishing.publish(session, one)
        swiped = await publishing.publish(session, several)
        board = {"board": bench.session.settings["boards"][0]["value"]}
        await publishing.look_up(session, one)
        await publishing.look_up(session, replace(one, options=board))
        await publishing.look_up(session, duty("pin", "Chưa gửi", media=(picture(),)))
        bench.platform.comment(done.remote_id, "lan-anh", "Lan Anh", "Mấy giờ?")
        await metrics.read(session, [done.remote_id, swiped.remote_id, "404404"])
        await metrics.account(session)
        await editing.edit(session, done.remote_id, replace(one, text="Trà nhài", link="", media=()))
        await auth.renew(session)
        await refusals(bench, session, duty, picture)
        for remote_id in (done.remote_id, swiped.remote_id, done.remote_id):
            await publishing.withdraw(session, remote_id)
    asked = {f"{call.split()[0]} {shape(call)}" for call, _ in watched.seen}
    assert asked == {
        "GET /v5/boards",
        "GET /v5/boards/…/pins",
        "GET /v5/user_account",
        "GET /v5/user_account/analytics",
        "GET /v5/pins",
        "POST /v5/pins",
        "GET /v5/pins/…",
        "GET /v5/pins/…/analytics",
        "PATCH /v5/pins/…",
        "DELETE /v5/pins/…",
        "POST /v5/oauth/token",
    }
    assert {status for _, status in watched.seen} >= {200, 201, 204, 400, 401, 403, 404, 410, 429, 500}


async def refusals(bench: Any, session: Session, duty: Duty, picture: Picture) -> None:
    for fault in (Fault("unauthorized"), Fault("busy", after=3), Fault("error_before"), Fault("retired")):
        bench.faults.next(fault)
        with pytest.raises(ConnectorError):
            await metrics.account(session)
    wrong = replace(picture(), mime="image/jpeg")  # a PNG that says it is a JPEG
    sponsored = {"sponsor_id": "549755885175"}
    for outgoing in (
        duty("pin", "Trà", media=(wrong,)),
        duty("pin", "Trà", media=(picture(),), options=sponsored),
        duty("pin", "Trà", media=(picture(),), options={"board": "99999"}),
    ):
        with pytest.raises(Rejected):
            await publishing.publish(session, outgoing)
    bench.platform.memory["no_analytics"] = True
    await metrics.account(session)


async def test_a_video_keeps_to_the_description(at_work: AtWork, duty: Duty, tmp_path: Path) -> None:
    bench = await at_work("pinterest")
    path = tmp_path / "pha-tra.mp4"
    path.write_bytes(b"moving pictures")
    film = Media(path, "video/mp4", 15, "a" * 64, "Pha trà", 720, 1280, duration=9)
    post = duty("pin", "Pha trà", media=(film,), options={"cover_second": "3"}, uploads=Kept())
    async with watching(bench.session, description(), loose=is_storage) as watched:
        outcome = await publishing.publish(watched.session, post)
        while isinstance(outcome, Processing):
            outcome = await publishing.follow(watched.session, replace(post, handle=outcome.handle, media=()))
        await publishing.look_up(watched.session, post)
        emulator.lose_files(bench.platform)
        with pytest.raises(Rejected):
            await videos.ready(watched.session, "404404")
    seen = [f"{call.split()[0]} {shape(call)} {status}" for call, status in watched.seen]
    assert {"POST /v5/media 201", "GET /v5/media/… 200", "GET /v5/media/… 404", "POST /v5/pins 201"} <= set(
        seen
    )


def is_storage(method: str, path: str) -> bool:
    """Not Pinterest's: the storage that its answer names."""
    return path == "/storage/"


def shape(call: str) -> str:
    return "/".join("…" if part[:1].isdigit() else part for part in call.split()[1].split("/"))


async def test_connecting_keeps_to_the_description(at_work: AtWork) -> None:
    bench = await at_work("pinterest")
    desk_code = {"code": "code-of-nobody"}
    async with watching(bench.session, description()) as watched:
        session = watched.session
        with pytest.raises(Rejected, match="code_refused"):
            await auth.finish(
                session.http,
                session.urls,
                session.app,
                auth.Begun(""),
                desk_code,
                redirect_uri="https://a.example",
            )
        await auth.boards(api(session))
    assert [status for _, status in watched.seen] == [400, 200]


async def test_a_call_that_breaks_the_description_is_noticed(at_work: AtWork) -> None:
    bench = await at_work("pinterest")
    source = {"source_type": "image_base64", "content_type": "image/gif", "data": "R0lGODlh"}
    broken: list[dict[str, Any]] = [{"title": "ồ" * 101}, {"board_id": "tra"}, {"media_source": source}]
    async with watching(bench.session, description()) as watched:
        for body in broken:
            with pytest.raises(Exception, match=r"(?i)body|valid"):
                await watched.session.http.request("POST", f"{bench.base_url}/v5/pins", json=body)


async def test_an_answer_that_breaks_the_description_is_noticed(at_work: AtWork) -> None:
    bench = await at_work("pinterest")
    bench.platform.tell(bench.session.remote_id, "followers", "many")
    async with watching(bench.session, description()) as watched:
        with pytest.raises(Exception, match=r"(?i)data|valid"):
            await metrics.account(watched.session)
