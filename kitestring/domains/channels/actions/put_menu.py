"""Reads, puts live and takes off the menu at an account's conversation. The channel's is the only copy: none is kept here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.menus import Menu, MenuItem, menu_problems
from kitestring.connectorkit.powers import Menus
from kitestring.domains.channels.actions._asking import asked, refuse_unconnected, worded
from kitestring.domains.channels.actions.examine import refresh_settings
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account
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

    Raises Conflict where it is not, and Refusal, worded; then nothing was changed, or nobody knows ("menu_unheard").
    """
    require(member, "account.connect")
    found = account(member, account_id)
    manifest, menus = registry.get(found.channel).manifest, _power(found)
    for problem in menu_problems(manifest, menu, found.account_type, member.language):
        if problem.severity == "error":
            raise Refusal(problem.sentence, reason=problem.reason, field=problem.field)

    async def put(session: Session) -> tuple[Menu | None, Mapping[str, Any] | None]:
        before = _of(await menus.read(session), menu.audience)
        same = (before.digest() if before else "") == seen
        return before, await menus.put(session, menu) if same else None

    before, kept = asked(found, member.language, put)
    if kept is None:
        raise Conflict(worded("menu_changed_there", manifest, member.language))
    with transaction.atomic():
        refresh_settings(found.pk, kept)
        told = {"name": found.name, "for": menu.audience, "menu": outline(menu.items)}
        record(
            member,
            "account.menu",
            found,
            before={"menu": outline(before.items if before else ())},
            after=told,
        )


def remove_menu(member: Member, account_id: UUID, audience: str) -> None:
    """Take it off. Quiet where there is none. Raises Refusal, worded."""
    require(member, "account.connect")
    found = account(member, account_id)
    menus = _power(found)

    async def remove(session: Session) -> Menu | None:
        before = _of(await menus.read(session), audience)
        await menus.remove(session, audience)
        return before

    before = asked(found, member.language, remove)
    if before is not None:
        told = {"menu": outline(before.items)}
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
