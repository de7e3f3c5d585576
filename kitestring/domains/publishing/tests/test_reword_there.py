"""Changed words end to end: a post on the channel's own emulator, its words changed in place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from kitestring.connectorkit import registry
from kitestring.connectorkit.emulation import Faults, Platform, serve
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import keep_grant, with_app
from kitestring.domains.publishing.actions.ask_rewording import ask_rewording
from kitestring.domains.publishing.actions.do_rewording import do_rewording
from kitestring.domains.publishing.queries.rewordings import live_words
from kitestring.domains.publishing.tests.test_emulators import PORTED, There, addresses, connect, settle
from kitestring.kit import clock
from tests.world import World

WITH_EDITS = [slug for slug in PORTED if registry.get(slug).can("editing")]


@pytest.fixture(params=WITH_EDITS)
def there(
    request: pytest.FixtureRequest, world: World, move_clock: Callable[[timedelta], None], settings: Any
) -> There:
    world.brand.needs_approval = False
    world.brand.save()
    connector, platform, faults = registry.get(request.param), Platform(clock.now), Faults()
    assert connector.emulator is not None
    found = connect(connector, platform, faults)
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=request.param, account_type=found.account_type,
        remote_id=found.remote_id, handle=found.handle, name=found.name, capabilities=dict(found.capabilities),
        settings={k: v for k, v in found.settings.items() if k != "urls"},
    )  # fmt: skip
    keep_grant(account.pk, with_app(found.grant, connector.emulator.app("") if connector.consent else {}))
    return There(world, connector, platform, faults, move_clock, settings, account)


def test_the_words_are_changed_in_place(there: There) -> None:
    delivery = settle(there, there.delivery())
    assert delivery.state == "published"
    live = live_words(delivery)
    one = ask_rewording(
        there.world.editor, delivery, f"{live.text} sửa 改", live.title, why="A word was missing."
    )

    async def once() -> None:
        emulator = there.connector.emulator
        assert emulator is not None
        async with serve(emulator.build(there.platform, faults=there.faults)) as base:
            there.settings.CHANNEL_URLS = {
                there.account.channel: addresses(there.connector, base) or {"api": base}
            }
            await sync_to_async(do_rewording)(one.pk)

    async_to_sync(once)()
    one.refresh_from_db()
    assert one.state == "done", (one.reason, one.said)
    assert "sửa 改" in there.platform.items[delivery.remote_id].text
    assert len(there.platform.posts()) == 1
