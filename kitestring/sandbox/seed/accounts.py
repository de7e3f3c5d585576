"""The brands' accounts on the sandbox's channels, connected through the same action as by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from kitestring.connectorkit import registry
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions.change_account import rename_account
from kitestring.domains.channels.actions.connect import connect
from kitestring.domains.channels.models import Account
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
        account = connect(member, brands[presence.brand], presence.channel, answers)
        if account.name != presence.shown:
            account = rename_account(member, account.pk, presence.shown)
        found[presence.brand, presence.channel] = account, presence
    return found
