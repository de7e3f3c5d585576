"""Reads, puts live and takes off the menu at an account's conversation. The channel's is the only copy: none is kept here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.menus import Menu, MenuItem, menu_problems
from kitestring.connectorkit.powers import Menus
from kitestring.domains.channels.actions._asking import asked, refuse_unconnected, worded
from kitestring.domains.channels.actions.examine import refresh_settings
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account, account_at_work
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Conflict, Refusal


def live_menus(member: Member, account_id: UUID) -> Sequence[Menu]:
    """What is live now, asked of the channel. Raises Refusal, worded."""
    require(member, "account.connect")
    found = account(member, account_id)
    return asked(found, member.language, _power(found).read)


def put_menu(member: Member, account_id: UUID, menu: Menu, seen: str) -> None:
    """Put it live, if what is live is still what was looked at (`seen`, a digest; "" where there was none).

    Where the menu itself is live already it is put once more: an answer was lost, or the call is made again.
    What its taps need is stored first. Raises Conflict where another is live, and Refusal, worded; then nothing was changed,
    or nobody knows ("menu_unheard").
    """
    require(member, "account.connect")
    found = account(member, account_id)
    manifest, menus = registry.get(found.channel).manifest, _power(found)
    for problem in menu_problems(manifest, menu, found.account_type, member.language):
        if problem.severity == "error":
            raise Refusal(problem.sentence, reason=problem.reason, field=problem.field)

    # The call may be made twice; what stood there before is what the first one read.
    first: list[Menu | None] = []

    async def put(session: Session) -> bool:
        live = await menus.read(session)
        now = _of(live, menu.audience)
        first.append(now)
        if (now.digest() if now else "") not in (seen, menu.digest()):
            return False
        await sync_to_async(_keep)(found.pk, partial(_kept, menus, session, menu, live))
        await menus.put(session, menu)
        return True

    if not asked(found, member.language, put):
        raise Conflict(worded("menu_changed_there", manifest, member.language))
    told = {"name": found.name, "for": menu.audience, "menu": outline(menu.items)}
    before = {"menu": outline(first[0].items if first[0] else ())}
    record(member, "account.menu", found, before=before, after=told)


def _kept(
    menus: Menus, session: Session, menu: Menu, live: Sequence[Menu], settings: Mapping[str, Any]
) -> Mapping[str, Any]:
    return menus.keeps(replace(session, settings=settings), menu, live)


def _keep(account_id: UUID, kept: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """By the settings as they are now, held: another menu put live meanwhile loses none of its words."""
    with transaction.atomic():
        held = account_at_work(account_id, hold=True)
        if held is not None:
            refresh_settings(account_id, kept(held.settings))


def going_with(live: Sequence[Menu], audience: str) -> list[Menu]:
    """The menus of others that go when this one is taken off: all of them with everybody's."""
    return [] if audience else [one for one in live if one.audience]


def seen_going(live: Sequence[Menu], audience: str) -> str:
    """A digest of all that goes when this one is taken off; "" where nothing does."""
    mine = _of(live, audience)
    going = [*([mine] if mine else []), *going_with(live, audience)]
    told = sorted(f"{one.audience}:{one.digest()}" for one in going)
    return sha256("\n".join(told).encode()).hexdigest()[:32] if told else ""


def remove_menu(member: Member, account_id: UUID, audience: str, seen: str) -> None:
    """Take it off, everybody's with those of others, if what goes is what was looked at (`seen`, of `seen_going`).

    Quiet where there is none. The record holds every menu that went. Raises Conflict where something changed; Refusal, worded.
    """
    require(member, "account.connect")
    found = account(member, account_id)
    manifest, menus = registry.get(found.channel).manifest, _power(found)
    first: list[Sequence[Menu]] = []

    async def remove(session: Session) -> bool:
        live = await menus.read(session)
        first.append(live)
        if (now := seen_going(live, audience)) and now != seen:
            return False
        await menus.remove(session, audience)
        return True

    if not asked(found, member.language, remove):
        raise Conflict(worded("menu_off_changed", manifest, member.language))
    if seen_going(first[0], audience):
        mine, others = _of(first[0], audience), going_with(first[0], audience)
        told: dict[str, Any] = {"menu": outline(mine.items if mine else ())}
        if others:
            told["others"] = {one.audience: outline(one.items) for one in others}
        record(member, "account.menu_off", found, before=told, after={"name": found.name, "for": audience})


def outline(items: Sequence[MenuItem]) -> list[str]:
    """The menu in lines, for the record: "Tea", "Tea › Today: https://..."."""
    found = []
    for item in items:
        rows = [(f"{item.label} › {one.label}", one) for one in item.items] or [(item.label, item)]
        for name, one in rows:
            does = " ".join(one.values.values()) or one.note
            found.append(f"{name}: {does}" if does else name)
    return found


def _of(menus: Sequence[Menu], audience: str) -> Menu | None:
    return next((one for one in menus if one.audience == audience), None)


def _power(of: Account) -> Menus:
    """Raises Refusal where the channel has no menu, or the account is not connected."""
    try:
        menus = registry.get(of.channel).menus
    except KeyError:
        menus = None
    if menus is None:
        raise Refusal(_("This channel gives programs no way to set a menu."), reason="not_found")
    refuse_unconnected(of)
    return menus
