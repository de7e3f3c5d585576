"""The parts of Google's provider by themselves: uploads in pieces, pages of lists, empty answers, ends of a consent."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from kitestring.connectorkit.contract import Grant, Media
from kitestring.connectorkit.emulation import serve
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.kit.http import Client
from kitestring.providers.google import login, resumable
from kitestring.providers.google.api import Api


@pytest.fixture
async def there():
    """`async with there(handler) as api`: an API that answers everything by this handler."""

    @asynccontextmanager
    async def open_(handler):
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", handler)
        async with serve(app) as base, Client(("127.0.0.1",), allow_loopback=True, timeout=2.0) as http:
            yield Api(http, base, "token")

    return open_


@pytest.fixture
def media(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"x" * 1000)
    return Media(path, "video/mp4", 1000, "f" * 64)


def always(**answer):
    async def handler(request):
        await request.read()
        return web.Response(**answer)

    return handler


@pytest.mark.parametrize(
    ("told", "taken"), [({"Range": "bytes=0-499"}, 500), ({}, 0), ({"Range": "bytes=5-9"}, 0)]
)
async def test_the_channels_own_count_is_read(there, media, told, taken):
    async with there(always(status=308, headers=told)) as api:
        assert await resumable.stand(api, f"{api.base}/session", media) == resumable.Stand(taken)


@pytest.mark.parametrize("body", ["<html>Not Found</html>", '{"error": {"code": 404, "message": "gone"}}'])
async def test_a_session_that_is_over_is_lost(there, media, body):
    async with there(always(status=404, text=body)) as api:
        assert (await resumable.piece(api, f"{api.base}/session", media, 0)).lost


async def test_an_upload_that_ends_without_an_id_is_later_never_unclear(there, media):
    async with there(always(text="{}")) as api:
        with pytest.raises(RetryLater):
            await resumable.piece(api, f"{api.base}/session", media, 0)


async def test_a_file_that_is_gone_is_refused(there, media):
    media.path.unlink()
    async with there(always(text="{}")) as api:
        with pytest.raises(Rejected) as caught:
            await resumable.piece(api, f"{api.base}/session", media, 0)
    assert (caught.value.field, caught.value.reason) == ("media", "file_gone")


async def test_a_session_without_an_address_is_none(there, media):
    async with there(always(text="{}")) as api:
        with pytest.raises(RetryLater):
            await resumable.begin(api, "videos", media, {}, part="snippet")


async def test_an_empty_answer_is_right_only_where_it_says_so(there):
    async with there(always(status=204)) as api:
        assert await api.write("DELETE", "videos", id="x") == {}
    async with there(always(text="")) as api:
        with pytest.raises(Ambiguous):
            await api.write("DELETE", "videos", id="x")


async def test_a_list_ends_with_its_last_page_or_with_our_patience(there):
    asked = []

    async def handler(request):
        asked.append(request.query.get("pageToken"))
        more = {} if len(asked) == 3 else {"nextPageToken": f"t{len(asked)}"}
        return web.json_response({"items": [{"id": str(len(asked))}], **more})

    async with there(handler) as api:
        assert [rows[0]["id"] async for rows in api.pages("videos")] == ["1", "2", "3"]
        assert asked == [None, "t1", "t2"]
        asked.clear()
        assert [rows[0]["id"] async for rows in api.pages("videos", most=2)] == ["1", "2"]


def test_a_right_is_known_by_the_end_of_its_name():
    grant = Grant({}, ("https://rights.example/auth/youtube.force-ssl",))
    assert login.given(grant, "youtube.force-ssl")
    assert not login.given(grant, "force-ssl")
    assert login.ends(grant) is None
