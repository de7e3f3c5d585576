"""Connects accounts by a member's consent at the channel: leads them there, takes them back, keeps what they choose."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit.contract import Begun, Connected
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.registry import Connector
from kitestring.connectorkit.sessions import connecting
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions._ending import end_link
from kitestring.domains.channels.actions._ways import refuse_many
from kitestring.domains.channels.actions.app_for import app_for, app_of_consent, keep_registered
from kitestring.domains.channels.actions.connect import complete, connector_named, keep_found
from kitestring.domains.channels.actions.words import refusal
from kitestring.domains.channels.models import Account, ConnectLink, Visit
from kitestring.domains.channels.queries import (
    account,
    old_visits,
    visit_back,
    visit_stands,
    visit_to_choose,
    ways_waiting,
)
from kitestring.domains.channels.rules import WAY, packed, token_hash, unpacked
from kitestring.domains.channels.sessions import fence, seal_visit, visit_told
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.crypto import SealBroken
from kitestring.kit.refusals import Refusal


def set_out(
    member: Member,
    brand: Brand,
    channel: str,
    answers: Mapping[str, str],
    *,
    back: str,
    again: UUID | None = None,
    link: ConnectLink | None = None,
) -> str:
    """Where the member goes to agree. `back`: our address the channel leads them back to; `again`: connected before;
    `link`: somebody else goes, by this link of the member's.

    Raises Refusal with its field; "no_app" where the operator's app has not been typed in.
    """
    require(member, "account.connect")
    if brand.workspace_id != member.workspace_id or brand.archived_at is not None:
        raise Refusal(_("This brand is not here (any more)."), reason="not_found")
    connector = connector_named(channel, answers.get(WAY, ""))
    typed = complete(connector, answers, member.language)
    try:
        app = app_for(member, connector, typed)
    except ConnectorError as error:  # an address that is none
        raise refusal(channel, error, member) from error
    state = secrets.token_urlsafe(32)
    begun = _begun(connector, member, app, typed, state, back)
    of = account(member, again) if again else None
    with transaction.atomic():
        if link is not None:
            refuse_many(link, hold=True)
        old_visits(now()).delete()
        visit = Visit(member=member, brand=brand, account=of, channel=channel, link=link)
        visit.state_hash = token_hash(state)
        if begun.app:
            app = keep_registered(member, connector, typed, begun.app)
        # Another who sets out meanwhile may be given another app by the same server: this way goes by its own.
        seal_visit(
            visit, {"typed": typed, "keeps": dict(begun.keeps), "url": begun.url, "back": back, "app": app}
        )
        visit.save(force_insert=True)
    return begun.url


def come_back(member: Member, params: Mapping[str, str]) -> Account | Visit:
    """The account that is connected now; where the consent opens several, the visit to choose among them.

    Raises Refusal: somebody else's way or an old one ("no_visit"), a no, trouble at the channel.
    """
    require(member, "account.connect")
    with transaction.atomic():
        visit = visit_back(member, token_hash(params.get("state") or ""), now())
        if visit is None:
            raise Refusal(
                _(
                    "This way back is over: it was used, is older than twenty minutes, or was begun by somebody else. "
                    "Nothing was connected. Start again here."
                ),
                reason="no_visit",
            )
        visit.back_at = now()
        visit.save(update_fields=["back_at"])
    found = opened_by(visit, member, params)
    if len(found) > 1:
        set_down_found(visit, found)
        return visit
    connector = connector_of(visit)
    kept = keep_found(member, visit.brand, connector, found[0], _app(visit, member, connector))
    visit.delete()
    return kept


def opened_by(visit: Visit, member: Member, params: Mapping[str, str]) -> Sequence[Connected]:
    """The accounts that a consent opens; the one alone that is connected again. Raises Refusal."""
    connector = connector_of(visit)
    found = _found(connector, member, visit, _app(visit, member, connector), params)
    return found if visit.account is None else [_same(visit.account, found)]


def set_down_found(visit: Visit, found: Sequence[Connected]) -> None:
    """Keep what a consent opens, sealed, until the member has chosen. Raises Refusal where the way was taken back meanwhile."""
    way, app = connector_of(visit).way, visit_told(visit).get("app")
    with transaction.atomic():
        seal_visit(visit, {"found": [packed(one) for one in found], WAY: way, "app": app})
        if not visit_stands(visit):
            raise Refusal(_("This way back is over. Nothing was connected."), reason="no_visit")
        visit.save(update_fields=["sealed"])


def connector_of(visit: Visit) -> Connector:
    """The channel, by the way the member set out on. Raises Refusal when it cannot be read any more."""
    try:
        told = visit_told(visit)
    except SealBroken as error:
        raise Refusal(
            _("What was kept for the way back is lost. Nothing was connected; start again."),
            reason="no_visit",
        ) from error
    return connector_named(visit.channel, str(told.get("typed", told).get(WAY, "")))


def _app(visit: Visit, member: Member, connector: Connector) -> dict[str, str]:
    """The app the consent was asked for with; `connector_of` has read the same seal."""
    return app_of_consent(member, connector, visit_told(visit))


def found_by(visit: Visit) -> list[Connected]:
    """What the consent opens, in the channel's order. Raises Refusal when it cannot be read any more."""
    try:
        return [unpacked(one) for one in visit_told(visit)["found"]]
    except (SealBroken, KeyError) as error:
        raise Refusal(
            _("What the channel said was lost. Nothing was connected; start again."), reason="no_visit"
        ) from error


def offered_by(link: ConnectLink) -> list[tuple[Visit, list[Connected]]]:
    """Every way by this link that waits for the member with what it opens, the oldest first."""
    offered = []
    for way in ways_waiting(link, now()):
        with suppress(Refusal):  # still asking the channel, refused, or its seal is lost
            offered.append((way, found_by(way)))
    return offered


def within(fewer: Sequence[Connected], found: Sequence[Connected]) -> bool:
    """Whether each of those accounts is among the found ones."""
    return {one.remote_id for one in fewer} <= {one.remote_id for one in found}


def choose(member: Member, visit_id: UUID, remote_ids: Collection[str]) -> list[Account]:
    """Keep the chosen ones, all or none. Raises Refusal when none of those offered was chosen, or it is too late."""
    require(member, "account.connect")
    with transaction.atomic():
        visit = visit_to_choose(member, visit_id, now(), hold=True)
        if visit is None:
            raise Refusal(
                _("This choice is over. Nothing was connected; start again here."), reason="not_found"
            )
        offered = found_by(visit)
        chosen = [one for one in offered if one.remote_id in remote_ids]
        if not chosen:
            raise Refusal(_("Choose at least one. Nothing was connected yet."), reason="none_chosen")
        connector = connector_of(visit)
        app = _app(visit, member, connector)
        kept = [keep_found(member, visit.brand, connector, one, app) for one in chosen]
        if visit.link is not None:
            end_link(visit.link)
            for way, found in offered_by(visit.link):
                if within(found, offered):
                    way.delete()  # agreed to once more, or this very way: it is not asked about again
        else:
            visit.delete()
    return kept


def _begun(
    connector: Connector, member: Member, app: dict[str, str], typed: dict[str, str], state: str, back: str
) -> Begun:
    consent, manifest = connector.consent, connector.manifest
    if consent is None:
        raise Refusal(_("This channel is connected in another way."), reason="not_found")
    override, only = settings.CHANNEL_URLS.get(manifest.slug), fence(member.workspace, manifest.slug)
    begin = consent.begin

    async def ask() -> Begun:
        async with connecting(
            manifest, typed, urls_override=override, allow_loopback=settings.ALLOW_LOOPBACK, only=only
        ) as (http, urls):
            return await begin(http, urls, app, typed, state=state, redirect_uri=back)

    try:
        return async_to_sync(ask)()
    except ConnectorError as error:
        raise refusal(manifest.slug, error, member) from error


def _found(
    connector: Connector, member: Member, visit: Visit, app: dict[str, str], params: Mapping[str, str]
) -> Sequence[Connected]:
    consent, manifest = connector.consent, connector.manifest
    if consent is None:
        raise Refusal(_("This channel is connected in another way."), reason="not_found")
    override, only = settings.CHANNEL_URLS.get(manifest.slug), fence(member.workspace, manifest.slug)
    finish = consent.finish
    told = visit_told(visit)  # it opened a moment ago: `connector_of`
    begun = Begun(told["url"], told["keeps"])

    async def ask() -> Sequence[Connected]:
        async with connecting(
            manifest, told["typed"], urls_override=override, allow_loopback=settings.ALLOW_LOOPBACK, only=only
        ) as (http, urls):
            return await finish(http, urls, app, begun, dict(params), redirect_uri=told["back"])

    try:
        return async_to_sync(ask)()
    except ConnectorError as error:
        raise refusal(manifest.slug, error, member) from error


def _same(old: Account, found: Sequence[Connected]) -> Connected:
    for one in found:
        if one.remote_id == old.remote_id:
            return one
    raise Refusal(
        _(
            "You agreed for %(other)s, but this account is %(handle)s. Nothing was changed. "
            "To add %(other)s, use “Add an account”."
        )
        % {"other": _(", ").join(one.handle for one in found), "handle": old.handle},
        reason="another_account",
    )
