"""Tags (标签) on followers: made, renamed, dropped, put on one person and taken off. WeChat keeps them; nothing is kept here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.tags import Tag, check_tag_name
from kitestring.connectors.wechat.audience import NOBODY
from kitestring.connectors.wechat.client import MANIFEST, app
from kitestring.connectors.wechat.letters import PERSON

# WeChat's own, beside those nobody can be sent to: the starred ones.
FIXED: Final = NOBODY | {2}
TAKEN: Final = "tag_name_taken"


async def all(session: Session) -> Sequence[Tag]:
    """Without the blacklist, which is no group to speak to."""
    told = await app(session).call("/cgi-bin/tags/get")
    rows = [row for row in told.get("tags") or () if isinstance(row, dict) and row.get("id") not in NOBODY]
    return [
        Tag(str(row["id"]), str(row.get("name", "")), int(row.get("count") or 0), row["id"] in FIXED)
        for row in rows
    ]


async def make(session: Session, name: str) -> Tag:
    """The one of this name where WeChat says that there is one."""
    check_tag_name(MANIFEST, name)
    try:
        told = await app(session).call("/cgi-bin/tags/create", {"tag": {"name": name}}, write=True)
    except Rejected as error:
        if error.reason != TAKEN:
            raise
        found = next((one for one in await all(session) if one.name == name), None)
        if found is None:
            raise
        return found
    return Tag(str(told["tag"]["id"]), name, 0)


async def rename(session: Session, key: str, name: str) -> None:
    check_tag_name(MANIFEST, name)
    try:
        payload = {"tag": {"id": _number(key), "name": name}}
        await app(session).call("/cgi-bin/tags/update", payload, write=True)
    except Rejected as error:
        # Its own name is taken by itself.
        if error.reason != TAKEN or not any(
            one.key == key and one.name == name for one in await all(session)
        ):
            raise


async def drop(session: Session, key: str) -> None:
    """People lose it, and menus and sends to it are without anybody. WeChat drops none that 100,000 people have."""
    try:
        await app(session).call("/cgi-bin/tags/delete", {"tag": {"id": _number(key)}}, write=True)
    except Rejected as error:
        if any(one.key == key for one in await all(session)):
            raise
        if error.reason not in ("tag_gone", "gone"):
            raise


async def of(session: Session, person: str) -> Sequence[str]:
    told = await _of_person(session, "/cgi-bin/tags/getidlist", {"openid": _person(person)}, write=False)
    return [str(one) for one in told.get("tagid_list") or ()]


async def put_on(session: Session, key: str, person: str) -> None:
    await _members("batchtagging", session, key, person)


async def take_off(session: Session, key: str, person: str) -> None:
    await _members("batchuntagging", session, key, person)


async def _members(deed: str, session: Session, key: str, person: str) -> None:
    payload: dict[str, Any] = {"openid_list": [_person(person)], "tagid": _number(key)}
    await _of_person(session, f"/cgi-bin/tags/members/{deed}", payload, write=True)


async def _of_person(session: Session, path: str, payload: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Only who follows the account has tags: of one who does not, that is said."""
    try:
        return await app(session).call(path, payload, write=write)
    except Rejected as error:
        if error.reason in ("person_gone", "person_blocked"):
            raise Rejected("", "not_a_follower", said=error.said) from error
        raise


def _number(key: str) -> int:
    if not (key.isascii() and key.isdecimal()):
        raise Rejected("", "tag_gone")
    return int(key)


def _person(person: str) -> str:
    if not PERSON.fullmatch(person):
        raise Rejected("", "not_a_follower")
    return person
