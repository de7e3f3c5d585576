"""Connects an account: asks the channel who it is, then keeps it with its grant sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from yarl import URL

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Connected, Grant
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.registry import Connector
from kitestring.connectorkit.sessions import connecting
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions.subscribe import prepare
from kitestring.domains.channels.actions.words import refusal
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.channels.queries import account, same_account
from kitestring.domains.channels.rules import WAY
from kitestring.domains.channels.sessions import fence, keep_grant, with_app
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.actions.register import named
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.domains.workspaces.queries import lock_workspace
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import storable_in

HANDLE = "handle"


def connect(member: Member, brand: Brand, channel: str, answers: Mapping[str, str]) -> Account:
    """Connect by what a person typed (keys of the manifest's auth fields; for a hand-off channel, `handle`); `rules.WAY`
    says by which way.

    The same presence again renews what is there. Raises Refusal with its field; the channel is asked outside any
    transaction, so a slow one holds nothing up.
    """
    require(member, "account.connect")
    if brand.workspace_id != member.workspace_id or brand.archived_at is not None:
        raise Refusal(_("This brand is not here (any more)."), reason="not_found")
    connector = connector_named(channel, answers.get(WAY, ""))
    found = _ask(connector, complete(connector, answers, member.language), member)
    return keep_found(member, brand, connector, found)


def reconnect(member: Member, account_id: UUID, answers: Mapping[str, str]) -> Account:
    """Connect an account again. Raises Refusal when the answers open somebody else's."""
    require(member, "account.connect")
    old = account(member, account_id)
    connector = connector_named(old.channel, answers.get(WAY, ""))
    found = _ask(connector, complete(connector, answers, member.language), member)
    if found.remote_id != old.remote_id:
        raise Refusal(
            _(
                "These keys open %(other)s, but this account is %(handle)s. Nothing was changed. "
                "To add %(other)s, use “Add an account”."
            )
            % {"other": found.handle, "handle": old.handle}
        )
    return keep_found(member, old.brand, connector, found)


def connector_named(channel: str, way: str = "") -> Connector:
    """`way`: of connecting there; "" is the channel's first."""
    try:
        return registry.connected_by(channel, way)
    except KeyError as error:
        raise Refusal(_("This channel is not installed here."), reason="not_found") from error


def handle_field(connector: Connector) -> str:
    """Of a channel that is not asked anything: the field that says the account's name there."""
    typed = (asked.key for asked in connector.manifest.auth.fields if asked.kind == "text")
    return next(typed, HANDLE)


def complete(connector: Connector, answers: Mapping[str, str], language: str) -> dict[str, str]:
    """What was typed, trimmed; defaults filled in. Raises Refusal beside the first empty field."""
    complete = {}
    for asked in connector.manifest.auth.fields:
        value = (answers.get(asked.key) or asked.default).strip()
        if asked.required and not value:
            text = _("Please fill in: %(field)s.") % {"field": asked.label.in_(language)}
            raise Refusal(text, field=asked.key)
        if asked.choices and value and value not in asked.choices:
            raise Refusal(_("Please choose one of the offered."), field=asked.key)
        complete[asked.key] = value[:4000]
    if connector.auth is None:
        field = handle_field(connector)
        complete[HANDLE] = named(answers.get(field) or "", field, longest=255)
    if connector.way:
        complete[WAY] = connector.way
    return complete


def _ask(connector: Connector, answers: dict[str, str], member: Member) -> Connected:
    auth, manifest = connector.auth, connector.manifest
    if auth is None:
        handle = answers[HANDLE]
        kind = answers.get("account_type", "")
        return Connected(handle, handle, handle, Grant({}), account_type=kind)
    override = settings.CHANNEL_URLS.get(manifest.slug)
    only, reach = fence(member.workspace, manifest.slug), auth.connect

    async def ask() -> Connected:
        async with connecting(
            manifest, answers, urls_override=override, allow_loopback=settings.ALLOW_LOOPBACK, only=only
        ) as (http, urls):
            return await reach(http, urls, answers)

    try:
        return async_to_sync(ask)()
    except ConnectorError as error:
        raise refusal(manifest.slug, error, member) from error


@transaction.atomic
def keep_found(
    member: Member, brand: Brand, connector: Connector, found: Connected, app: Mapping[str, str] | None = None
) -> Account:
    """Keep a presence that the channel opened to us, with its grant and the `app` that was given it.

    Raises Refusal where another server says that it is an account of ours.
    """
    lock_workspace(member)
    found = _storable(found)
    kept = same_account(brand, connector.manifest.slug, found.remote_id)
    brand.refresh_from_db(fields=["archived_at"])
    if kept is None and brand.archived_at is not None:  # while somebody was away to agree
        raise Refusal(_("This brand is not here (any more)."), reason="not_found")
    if kept is not None:
        _refuse_elsewhere(kept, found)
    verb = "account.reconnect" if kept else "account.connect"
    before = {"name": kept.name, "state": kept.state} if kept else {}
    if kept is None:
        kept = Account(workspace_id=member.workspace_id, brand=brand, channel=connector.manifest.slug)
        kept.remote_id, kept.name = found.remote_id[:255], (found.name or found.handle)[:255]
    elif kept.state == AccountState.DISCONNECTED and kept.paused_at is not None:
        kept.paused_at = None
        record(member, "account.resume", kept, after={"name": kept.name})
    own = dict(found.settings)
    kept.urls = own.pop("urls", {})
    kept.handle, kept.account_type = found.handle[:255], found.account_type
    kept.avatar_url = found.avatar_url if len(found.avatar_url) <= 500 else ""
    if connector.way:
        own[WAY] = connector.way
    kept.capabilities, kept.settings = dict(found.capabilities), own
    kept.move(AccountState.CONNECTED)
    kept.connected_by, kept.connected_at = member, now()
    kept.save()
    if connector.auth is not None:
        keep_grant(kept.pk, with_app(found.grant, app or {}), by_person=True)
    prepare(kept, connector)
    names = {"name": kept.name, "channel": kept.channel, "handle": kept.handle, "state": kept.state}
    record(member, verb, kept, before=before, after={**names, "brand": brand.name})
    return kept


def _storable(found: Connected) -> Connected:
    """What a channel calls itself and its lists may hold what the database cannot: that is left out."""
    told = {
        key: getattr(found, key)
        for key in ("remote_id", "handle", "name", "avatar_url", "settings", "capabilities")
    }
    return replace(found, **storable_in(told))


def _refuse_elsewhere(kept: Account, found: Connected) -> None:
    """Servers that anybody may run name their accounts themselves: another host's word does not make it the same account.

    Who disconnected it first has said that it moved.
    """
    before, after = (
        URL(str(urls.get("api") or "")).host for urls in (kept.urls, found.settings.get("urls", {}))
    )
    if found.proven or kept.state == AccountState.DISCONNECTED or not before or before == after:
        return
    said = _(
        "%(other)s says that it is %(handle)s, but that account is connected at %(host)s. Nothing was changed. "
        "If the server has moved, disconnect the account first, then connect it again."
    )
    raise Refusal(said % {"other": after or "?", "handle": kept.handle, "host": before}, reason="elsewhere")
