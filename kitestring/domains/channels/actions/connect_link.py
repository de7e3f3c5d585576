"""Lets somebody without a login here agree at a channel: by a link, on their own phone; the member has the last word."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit.contract import Connected
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.registry import Connector
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions._ending import end_link
from kitestring.domains.channels.actions._ways import refuse_many
from kitestring.domains.channels.actions.agree import offered_by, opened_by, set_down_found, set_out, within
from kitestring.domains.channels.actions.app_for import app_for
from kitestring.domains.channels.actions.connect import complete, connector_named
from kitestring.domains.channels.models import GOOD_FOR, ConnectLink, Visit
from kitestring.domains.channels.queries import (
    account,
    guests_visit_back,
    is_guests_way,
    link_by,
    link_made_by,
    old_links,
    ways_back_by,
)
from kitestring.domains.channels.rules import WAY, token_hash
from kitestring.domains.channels.sessions import seal_visit, visit_told
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.crypto import SealBroken
from kitestring.kit.refusals import Refusal


def make_link(
    member: Member, brand: Brand, channel: str, answers: Mapping[str, str], *, again: UUID | None = None
) -> ConnectLink:
    """A link good for a day. `again`: for an account that was connected before.

    Raises Refusal: no such brand or account, what was typed is wrong, "no_app", a channel without consent.
    """
    require(member, "account.connect")
    if brand.workspace_id != member.workspace_id or brand.archived_at is not None:
        raise Refusal(_("This brand is not here (any more)."), reason="not_found")
    connector = connector_named(channel, answers.get(WAY, ""))
    if connector.consent is None:
        raise Refusal(_("This channel is connected in another way."), reason="not_found")
    typed = complete(connector, answers, member.language)
    if not connector.registers:
        app_for(member, connector, typed)
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        old_links(now()).delete()
        made = ConnectLink(member=member, brand=brand, channel=channel, token_hash=token_hash(token))
        made.account = account(member, again) if again else None
        seal_visit(made, {"token": token, "typed": typed})
        made.save(force_insert=True)
        record(member, "account.link", brand, after={"channel": channel})
    return made


def take_back_link(member: Member, link_id: UUID) -> ConnectLink:
    """End a link by hand; what was agreed to by it and not chosen is forgotten. Raises Refusal when it is not theirs."""
    require(member, "account.connect")
    with transaction.atomic():
        link = link_made_by(member, link_id, hold=True)
        if link is None:
            raise Refusal(_("This link is not here (any more)."), reason="not_found")
        if link.ended_at is None:
            end_link(link)
            record(member, "account.unlink", link.brand, after={"channel": link.channel})
        for way in ways_back_by(link):
            way.delete()
    return link


def secret_of(link: ConnectLink) -> str:
    """What makes the link's address; "" when its seal cannot be opened any more."""
    try:
        return str(visit_told(link)["token"])
    except (SealBroken, KeyError):
        return ""


def connector_of_link(link: ConnectLink) -> Connector:
    """The channel, by the way the link leads; by its first where the seal cannot be opened any more."""
    try:
        way = str(visit_told(link)["typed"].get(WAY, ""))
    except (SealBroken, KeyError):
        way = ""
    return connector_named(link.channel, way)


def type_of_link(link: ConnectLink, manifest: Manifest) -> str:
    """Which type of account the member chose; "" where the form does not ask, or the seal cannot be opened any more."""
    try:
        typed = visit_told(link)["typed"]
    except (SealBroken, KeyError):
        return ""
    types = {kind.key for kind in manifest.account_types}
    asked = (one.key for one in manifest.auth.fields if one.choices and types.issuperset(one.choices))
    return next((str(typed[key]) for key in asked if typed.get(key) in types), "")


def open_link(token: str) -> ConnectLink:
    """The link, good still. Raises Refusal with what became of it."""
    link = link_by(token_hash(token))
    if link is None or link.ended_at is not None or link.made_at <= now() - GOOD_FOR:
        raise Refusal(
            _(
                "This link has ended: it was used, taken back, or is older than a day. Ask whoever sent it for a new one."
            ),
            reason="not_found",
        )
    if link.brand.archived_at is not None:
        raise Refusal(_("This brand is not here (any more)."), reason="not_found")
    return link


def guest_sets_out(link: ConnectLink, *, back: str) -> str:
    """Where the guest goes to agree. Raises Refusal, also when too many ways by this link were begun ("too_many")."""
    refuse_many(link)  # before the channel is asked anything; once more, held, when the way is written down
    try:
        typed = dict(visit_told(link)["typed"])
    except (SealBroken, KeyError) as error:
        raise Refusal(
            _("This link cannot be read any more. Ask for a new one."), reason="not_found"
        ) from error
    again = link.account_id
    return set_out(link.member, link.brand, link.channel, typed, back=back, again=again, link=link)


def went_by_link(params: Mapping[str, str]) -> bool:
    """Whether the way that somebody comes back from began by a link, open or over."""
    return is_guests_way(token_hash(params.get("state") or ""))


def guest_comes_back(params: Mapping[str, str]) -> tuple[Visit, list[Connected]]:
    """What the guest agreed to, set down for the member, who has not connected anything yet.

    Raises Refusal: an old or used way ("no_visit"), a no, trouble at the channel; the link stays good.
    """
    with transaction.atomic():
        visit = guests_visit_back(token_hash(params.get("state") or ""), now())
        if visit is None:
            raise Refusal(
                _("This way back is over. Nothing was connected. Open the link you were sent once more."),
                reason="no_visit",
            )
        require(visit.member, "account.connect")
        visit.back_at = now()
        visit.save(update_fields=["back_at"])
    # Refused, the row stays: the same way opened again is known for a guest's, and is one of the link's few.
    found = list(opened_by(visit, visit.member, params))
    set_down_found(visit, found)
    return visit, found


def answered(link: ConnectLink) -> list[tuple[Visit, list[Connected]]]:
    """The ways by this link with something to choose, the oldest first; each waits a day, also when the link has ended.

    Who agreed twice for the same accounts waits once: with what the channel gave last.
    """
    waiting: list[tuple[Visit, list[Connected]]] = []
    for way, found in offered_by(link):
        waiting = [one for one in waiting if not within(one[1], found)]
        waiting.append((way, found))
    return waiting
