"""The brands' accounts on the sandbox's channels, connected through the same action as by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from asgiref.sync import async_to_sync
from django.conf import settings

from kitestring.connectorkit import registry
from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.registry import Connector
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions.agree import choose, come_back, found_by, set_out
from kitestring.domains.channels.actions.change_account import rename_account
from kitestring.domains.channels.actions.connect import connect
from kitestring.domains.channels.actions.keep_app_keys import keep_app_keys
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.rules import provider_of
from kitestring.domains.workspaces.models import Member
from kitestring.sandbox.addresses import Addresses
from kitestring.sandbox.presences import PRESENCES, Presence


@contextmanager
def speaking_to(where: Addresses) -> Iterator[None]:
    """This process speaks with the sandbox's channels, as web and worker of the demo do."""
    before = settings.DEMO, settings.ALLOW_LOOPBACK, settings.CHANNEL_URLS
    settings.DEMO = settings.ALLOW_LOOPBACK = True
    settings.CHANNEL_URLS = json.loads(where.surroundings()["KITESTRING_CHANNEL_URLS"])
    try:
        yield
    finally:
        settings.DEMO, settings.ALLOW_LOOPBACK, settings.CHANNEL_URLS = before


def connect_all(
    member: Member, brands: dict[str, Brand], where: Addresses
) -> dict[tuple[str, str], tuple[Account, Presence]]:
    """Every presence, by (brand key, channel). A channel added since gets an account of the first brand too."""
    listed = {p.channel for p in PRESENCES}
    first = next(iter(brands))
    newcomers = [
        Presence(first, slug, first, brands[first].name, 800) for slug in where.ports if slug not in listed
    ]
    found = {}
    for presence in (*PRESENCES, *newcomers):
        connector = registry.connectors().get(presence.channel)
        if connector is None:
            continue
        emulator = connector.emulator
        if emulator is not None:
            answers = emulator.answers(where.base(presence.channel), presence.login)
        else:
            answers = {asked.key: presence.login for asked in connector.manifest.auth.fields}
        brand = brands[presence.brand]
        if connector.consent is not None:
            account = _agree(member, brand, connector, answers, presence, where)
        else:
            account = connect(member, brand, presence.channel, answers)
        if account.name != presence.shown:
            account = rename_account(member, account.pk, presence.shown)
        found[presence.brand, presence.channel] = account, presence
    return found


def _agree(
    member: Member,
    brand: Brand,
    connector: Connector,
    answers: dict[str, str],
    presence: Presence,
    where: Addresses,
) -> Account:
    """By consent, as a person does: the app's keys typed in, there, yes, and back. Of several accounts the first."""
    emulator = connector.emulator
    if emulator is None:
        raise LookupError(f"{presence.channel} asks for consent, and nobody plays it")
    app = emulator.app(where.base(presence.channel))
    keep_app_keys(member, provider_of(connector.manifest), app)
    back = f"{where.index.rstrip('/')}/back"
    url = set_out(member, brand, presence.channel, answers, back=back)
    found = come_back(member, async_to_sync(say_yes)(url, presence.login))
    if isinstance(found, Account):
        return found
    [first] = choose(member, found.pk, [found_by(found)[0].remote_id])
    return first
