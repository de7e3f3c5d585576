"""Who types something wrong while connecting reads what happened, that nothing was kept, and what to do; of every channel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web
from django.utils import translation

from kitestring.connectorkit import sessions
from kitestring.connectorkit.conformance import ways_of
from kitestring.connectorkit.conformance.bench import Bench
from kitestring.connectorkit.emulation import serve
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.registry import Connector, connectors
from kitestring.domains.channels.actions.words import refusal
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal

WRONG: Final = "wrong-and-never-right"
PRIVATE: Final = "https://10.0.0.8"
KEPT: Final = {
    "en": r"Nothing (was|is) |stay connected",
    "zh-hans": r"没有|尚未|未作|未保存|什么都没|不受影响|仍.*连接|保持连接|不会断开",
    "vi": r"Chưa |chưa có gì|vẫn (được )?kết nối|không có gì",
}
ENDS: Final = re.compile(r"[.。!！?？;；](\s|$|(?<=[。！？；]))")
ASKED = [
    way for one in connectors().values() if one.manifest.mode != "hand_off" for way in (one, *ways_of(one))
]


def told_well(error: ConnectorError, connector: Connector, fields: Mapping[str, object]) -> Refusal:
    """The refusal as a person reads it in English, after a look at all three languages."""
    said = {}
    for language in KEPT:
        with translation.override(language):
            said[language] = refusal(connector.manifest.slug, error, Member(language=language))
        words = said[language].message
        assert re.search(KEPT[language], words), f"does not say what was kept: {words}"
        assert len(ENDS.findall(words)) >= 2, f"does not say what to do: {words}"
        assert WRONG not in words
        assert "{" not in words
    english = said["en"]
    assert not english.field or english.field in fields, f"refused at {english.field!r}, which nobody typed"
    return english


async def refused(connector: Connector, folder: Path, **changed: str) -> ConnectorError:
    """What connecting with these answers, the others right, ends in."""
    bench = Bench(connector, folder)
    async with serve(bench.emulator.build(bench.platform, faults=bench.faults)) as bench.base_url:
        with pytest.raises(ConnectorError) as caught:
            await bench.connect(**changed)
    return caught.value


def wrongly_typed() -> Iterator[tuple[Connector, str]]:
    for connector in ASKED:
        auth = connector.manifest.auth
        for one in (*auth.fields, *(auth.app.fields if auth.app and connector.consent else ())):
            if one.kind == "password" and (one.required or one in auth.fields):
                yield connector, one.key


def addressed() -> Iterator[tuple[Connector, str]]:
    for connector in ASKED:
        if connector.manifest.hosts.self_hosted:
            yield from ((connector, one.key) for one in connector.manifest.auth.fields if one.kind == "url")


def _name(value: object) -> str:
    return f"{value.manifest.slug}-{value.way}" if isinstance(value, Connector) else str(value)


@pytest.mark.parametrize(("connector", "key"), list(wrongly_typed()), ids=_name)
async def test_a_wrong_key_is_refused_at_its_field(connector: Connector, key: str, tmp_path: Path) -> None:
    auth = connector.manifest.auth
    fields = {one.key: one for one in (*auth.fields, *(auth.app.fields if auth.app else ()))}
    error = await refused(connector, tmp_path, **{key: WRONG})
    assert told_well(error, connector, fields).field == key
    assert WRONG not in repr(error)


@pytest.mark.parametrize(("connector", "key"), list(addressed()), ids=_name)
async def test_a_private_address_is_refused_at_its_field(
    connector: Connector, key: str, tmp_path: Path
) -> None:
    fields = {one.key: one for one in connector.manifest.auth.fields}
    error = await refused(connector, tmp_path, **{key: PRIVATE})
    assert error.reason == "host_refused"
    assert told_well(error, connector, fields).field == key


@pytest.mark.parametrize("status", [200, 404, 503])
@pytest.mark.parametrize("connector", [one for one in ASKED if one.consent is None], ids=_name)
async def test_a_server_that_is_another_one_is_told(
    connector: Connector, status: int, tmp_path: Path
) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html><body>Welcome</body></html>", content_type="text/html", status=status)

    manifest, bench = connector.manifest, Bench(connector, tmp_path)
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", page)
    async with serve(app) as elsewhere:
        own = manifest.hosts.self_hosted
        there = {one.key: elsewhere for one in manifest.auth.fields if one.kind == "url" and own}
        typed = {**bench.emulator.answers(elsewhere, "conformance"), **there}
        urls = dict.fromkeys(manifest.hosts.urls, elsewhere)
        async with sessions.connecting(manifest, typed, urls_override=urls, allow_loopback=True) as (
            http,
            at,
        ):
            with pytest.raises(ConnectorError) as caught:
                await connector.auth.connect(http, at, typed)
    told_well(caught.value, connector, {one.key: one for one in manifest.auth.fields})


def test_all_of_them_are_asked() -> None:
    assert len({connector.manifest.slug for connector, _ in wrongly_typed()}) > 15
    assert len({connector.manifest.slug for connector, _ in addressed()}) > 4
