"""Deeds end to end: a comment on the channel's own emulator, hidden, liked and removed from the inbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from kitestring.connectorkit import registry
from kitestring.connectorkit.emulation import Faults, Platform, serve
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import keep_grant
from kitestring.domains.inbox.actions.ask_deed import ask_deed
from kitestring.domains.inbox.actions.collect import collect
from kitestring.domains.inbox.actions.do_deed import do_deed
from kitestring.domains.inbox.models import Deed, Message
from kitestring.domains.inbox.queries.deeds import deeds_on
from kitestring.domains.publishing.tests.test_emulators import PORTED, There, addresses, connect, settle
from kitestring.kit import clock
from tests.world import World

QUESTION = "Mấy giờ mở cửa? 几点开门?"
WITH_DEEDS = [slug for slug in PORTED if (c := registry.get(slug)).deeds() and c.can("inbox")]


@pytest.fixture(params=WITH_DEEDS)
def there(
    request: pytest.FixtureRequest, world: World, move_clock: Callable[[timedelta], None], settings: Any
) -> There:
    world.brand.needs_approval = False
    world.brand.save()
    connector, platform, faults = registry.get(request.param), Platform(clock.now), Faults()
    found = connect(connector, platform, faults)
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=request.param, account_type=found.account_type,
        remote_id=found.remote_id, handle=found.handle, name=found.name, capabilities=dict(found.capabilities),
        settings={k: v for k, v in found.settings.items() if k != "urls"},
    )  # fmt: skip
    keep_grant(account.pk, found.grant)
    return There(world, connector, platform, faults, move_clock, settings, account)


def within(there: There, step: Callable[[], Any]) -> None:
    """Run something that calls the channel, with the channel up."""

    async def once() -> None:
        emulator = there.connector.emulator
        assert emulator is not None
        async with serve(emulator.build(there.platform, faults=there.faults)) as base:
            there.settings.CHANNEL_URLS = {
                there.account.channel: addresses(there.connector, base) or {"api": base}
            }
            await sync_to_async(step)()

    async_to_sync(once)()


def test_each_deed_is_done_there_and_kept_here(there: There) -> None:
    delivery = settle(there, there.delivery())
    assert delivery.state == "published"
    for deed in deeds_on(there.account, "comment"):
        there.platform.comment(delivery.remote_id, "lan-anh", "Lan Anh", f"{QUESTION} {deed}")
        within(there, lambda: collect(Account.objects.get()))
        message = Message.objects.get(text=f"{QUESTION} {deed}")
        item = next(i for i in there.platform.items.values() if i.text == message.text)
        if deed == "approve":
            item.extra["held"] = True
            Message.objects.filter(pk=message.pk).update(awaits_moderation=True)
        asked = ask_deed(there.world.editor, message.pk, deed)
        within(there, lambda asked=asked: do_deed(asked.pk))
        asked.refresh_from_db()
        assert asked.state == "done", (deed, asked.reason, asked.said)
        done = {"hide": item.extra.get("hidden"), "like": item.extra.get("liked")}
        done |= {"remove": item.id not in there.platform.items, "approve": not item.extra.get("held")}
        assert done[deed], deed
    assert Deed.objects.exclude(state="done").count() == 0
