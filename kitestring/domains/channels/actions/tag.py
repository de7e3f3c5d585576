"""Tags that a channel keeps on people: made, renamed and dropped on the account; put on one person, or taken off."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.powers import Tags
from kitestring.connectorkit.tags import Tag, choices_of
from kitestring.domains.channels.actions._asking import asked, refuse_unconnected
from kitestring.domains.channels.actions.examine import refresh_settings
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Worn:
    """A tag and whether a person has it."""

    tag: Tag
    on: bool


def has_tags(of: Account) -> bool:
    """Whether its channel keeps tags, and nothing says that this account may not have them."""
    try:
        connector = registry.get(of.channel)
    except KeyError:
        return False
    return connector.tags is not None and not isinstance(of.capabilities.get("tags"), str)


def tags_of(member: Member, account_id: UUID) -> Sequence[Tag]:
    """As the channel has them now. Raises Refusal, worded."""
    require(member, "account.connect")
    found = account(member, account_id)
    return _done(found, member, _power(found).all)


def make_tag(member: Member, account_id: UUID, name: str) -> Tag:
    """The one of this name where there is one. Raises Refusal, worded."""
    require(member, "account.connect")
    found, clean = account(member, account_id), " ".join(name.split())
    tags = _power(found)
    made = _done(found, member, lambda session: tags.make(session, clean))
    record(member, "account.tag", found, after={"name": found.name, "tag": made.name})
    _list_anew(found, member)
    return made


def rename_tag(member: Member, account_id: UUID, key: str, name: str) -> None:
    require(member, "account.connect")
    found, clean = account(member, account_id), " ".join(name.split())
    tags, before = _power(found), _name_of(found, key)
    _done(found, member, lambda session: tags.rename(session, key, clean))
    record(member, "account.tag", found, before={"tag": before}, after={"name": found.name, "tag": clean})
    _list_anew(found, member)


def drop_tag(member: Member, account_id: UUID, key: str) -> None:
    """People lose it. Quiet where it is gone."""
    require(member, "account.connect")
    found = account(member, account_id)
    tags, before = _power(found), _name_of(found, key)
    _done(found, member, lambda session: tags.drop(session, key))
    record(member, "account.untag", found, before={"tag": before}, after={"name": found.name})
    _list_anew(found, member)


def worn_by(member: Member, account_id: UUID, person: str) -> list[Worn]:
    """Each tag, and whether this person has it. `person`: who they are on the channel."""
    require(member, "inbox.reply")
    found = account(member, account_id)
    tags = _power(found)

    async def both(session: Session) -> list[Worn]:
        has = set(await tags.of(session, person))
        return [Worn(one, one.key in has) for one in await tags.all(session)]

    return _done(found, member, both)


def put_tag(member: Member, account_id: UUID, person: str, key: str, *, on: bool) -> None:
    """Put it on this person, or take it off. The person's id on the channel stays out of the record."""
    require(member, "inbox.reply")
    found = account(member, account_id)
    tags = _power(found)
    _done(found, member, lambda s: (tags.put_on if on else tags.take_off)(s, key, person))
    told = {"name": found.name, "tag": _name_of(found, key), "on": on}
    record(member, "account.tag_person", found, after=told)


def _power(of: Account) -> Tags:
    try:
        tags = registry.get(of.channel).tags
    except KeyError:
        tags = None
    if tags is None:
        raise Refusal(_("This channel keeps no tags on people."), reason="not_found")
    refuse_unconnected(of)
    return tags


def _done(of: Account, member: Member, call: Callable[[Session], Awaitable[T]]) -> T:
    return asked(of, member.language, call, unheard="tag_unheard")


def _list_anew(of: Account, member: Member) -> None:
    """Let posts and menus choose from the list as it is by now. The deed is done: a list unread waits for the next check-up."""
    tags, facts = _power(of), registry.get(of.channel).manifest.tags
    try:
        listed = _done(of, member, tags.all)
    except Refusal as refusal:
        log.warning("The tags of account %s changed and were not listed anew: %s", of.pk, refusal.reason)
        return
    if facts is not None:
        refresh_settings(of.pk, {facts.listed: choices_of(listed)})


def _name_of(of: Account, key: str) -> str:
    """As it was listed last; its key where it was not."""
    facts = registry.get(of.channel).manifest.tags
    rows = of.settings.get(facts.listed) if facts else None
    named = {str(row.get("value")): str(row.get("label")) for row in rows or () if isinstance(row, dict)}
    return named.get(key, key).rpartition(" · ")[0] or named.get(key, key)
