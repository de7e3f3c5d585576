"""The ledger with every connector there is, each on its own emulator over loopback http: once, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from kitestring.connectorkit import registry, sessions
from kitestring.connectorkit.conformance import files, samples
from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.contract import Connected
from kitestring.connectorkit.emulation import Fault, Faults, Platform, serve
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.options import choices
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import keep_grant, with_app
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import PostAsset, Variant
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.publishing.actions.deliver import ask_around, drain
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import renewals, tries
from kitestring.kit import clock
from tests.world import World

BACK = "https://kitestring.example/channels/back"


def by_address(manifest: Manifest) -> bool:
    """Whether nothing goes out there without a file that the channel fetches: the library gives files no public address yet."""
    media = manifest.kinds[0].media
    return bool(media and media.required and media.by_address)


PORTED = [
    slug
    for slug, c in registry.connectors().items()
    if c.can("emulator") and c.can("publishing") and c.manifest.mode == "api" and not by_address(c.manifest)
]


@dataclass
class There:
    """A connector on its emulator, and an account of ours on it."""

    world: World
    connector: registry.Connector
    platform: Platform
    faults: Faults
    move: Callable[[timedelta], None]
    settings: Any
    account: Account
    moved: float = 0.0

    def delivery(
        self, text: str = "Một tách cà phê ấm, 一杯热茶, one warm cup", title: str = "Warm cups"
    ) -> Delivery:
        post = write_post(self.world.editor, self.world.brand, title=title, text=text)
        kind = self.connector.manifest.kinds_for(self.account.account_type)[0]
        variant = add_variant(self.world.editor, post.pk, self.account, kind.key)
        self.choose(variant)
        if kind.media and kind.media.required:
            with TemporaryDirectory() as folder:
                made_here = files.file(kind, Path(folder))
                name, data = made_here.path.name, made_here.path.read_bytes()
            asset = add_asset(self.world.editor, self.world.brand, name, [data], alt="A cup")
            PostAsset.objects.create(post=post, asset=asset, alt="A cup")
        (made,) = publish_now(self.world.editor, post)
        return made

    def choose(self, variant: Variant) -> None:
        """Something sound for every setting that the channel asks for."""
        kind = self.connector.manifest.kind(variant.kind)
        chosen = samples.settled(kind)
        for option in kind.options:
            listed = choices(option, self.account.settings, "en")
            if option.required and option.choices_from and listed:
                chosen[option.key] = listed[0][0]
        variant.options = chosen
        variant.save(update_fields=["options"])

    def pass_(self, seconds: float) -> None:
        self.moved += seconds
        self.move(timedelta(seconds=self.moved))

    def work(self, seconds: float = 0, step: float = 30) -> None:
        end = self.moved + seconds
        while True:
            sweep()
            self.run()
            if self.moved >= end:
                return
            self.pass_(step)

    def run(self) -> None:
        async def once() -> None:
            emulator = self.connector.emulator
            assert emulator is not None
            async with serve(emulator.build(self.platform, faults=self.faults)) as base:
                urls = addresses(self.connector, base) or {"api": base}
                self.settings.CHANNEL_URLS = {self.connector.manifest.slug: urls}
                await drain()
                await ask_around()
                await drain()
                await sync_to_async(renewals)()

        async_to_sync(once)()


def addresses(connector: registry.Connector, base: str) -> dict[str, str]:
    emulator = connector.emulator
    assert emulator is not None
    own = getattr(emulator, "urls", None)
    found = dict(own(base)) if own else dict.fromkeys(connector.manifest.hosts.urls, base)
    typed = emulator.answers(base, "hien-ca-phe")
    further = [asked.key for asked in connector.manifest.auth.fields if asked.kind == "url"][1:]
    return found | {key: typed[key] for key in further if typed.get(key)}


def connect(connector: registry.Connector, platform: Platform, faults: Faults) -> Connected:
    async def once() -> Connected:
        emulator, auth = connector.emulator, connector.auth
        assert emulator is not None
        assert auth is not None
        async with serve(emulator.build(platform, faults=faults)) as base:
            typed = emulator.answers(base, "hien-ca-phe")
            override = {"urls_override": addresses(connector, base), "allow_loopback": True}
            async with sessions.connecting(connector.manifest, typed, **override) as (http, urls):
                consent = connector.consent
                if consent is None:
                    return await auth.connect(http, urls, typed)
                app = emulator.app(base)
                begun = await consent.begin(http, urls, app, typed, state="s", redirect_uri=BACK)
                back = await say_yes(begun.url, "hien-ca-phe")
                return (await consent.finish(http, urls, app, begun, back, redirect_uri=BACK))[0]

    return async_to_sync(once)()


@pytest.fixture(params=PORTED)
def there(
    request: pytest.FixtureRequest,
    world: World,
    move_clock: Callable[[timedelta], None],
    settings: Any,
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


def has_look_up(there: There) -> bool:
    return there.connector.manifest.duplicate_safety != "none"


def confirm_all(there: There) -> None:
    """Where a person has to act on the other side, they do."""
    act = getattr(there.connector.emulator, "confirm", None)
    for delivery in Delivery.objects.filter(state="processing") if act else []:
        act(there.platform, delivery.handle)


def settle(there: There, delivery: Delivery) -> Delivery:
    """All the time that it may take, in steps while it is under way; once it ended, two looks far apart must change nothing."""
    wait = there.connector.manifest.settle.seconds if there.connector.manifest.settle else 0
    for seconds in (5, wait + 120, 120):
        delivery.refresh_from_db()
        ended = delivery.state in ("published", "needs_attention")
        there.work(seconds, step=seconds if ended else max(5.0, seconds / 6))
        confirm_all(there)
    delivery.refresh_from_db()
    return delivery


def test_it_goes_out_once(there: There) -> None:
    delivery = settle(there, there.delivery())
    assert delivery.state == "published", tries(delivery)
    assert len(there.platform.posts()) == 1
    assert delivery.remote_id == there.platform.posts()[0].id


@pytest.mark.parametrize("kind", ["drop_after", "error_after"])
def test_an_answer_lost_after_storing_makes_one_copy(there: There, kind: Any) -> None:
    there.faults.next(Fault(kind, at="store"))
    delivery = settle(there, there.delivery())
    assert len(there.platform.posts()) == 1
    expected = "published" if has_look_up(there) else "needs_attention"
    assert delivery.state == expected, tries(delivery)


@pytest.mark.parametrize("kind", ["drop_before", "html", "down"])
def test_nothing_stored_ends_in_one_copy_or_with_a_person(there: There, kind: Any) -> None:
    there.faults.next(Fault(kind, at="store"))
    delivery = settle(there, there.delivery())
    if has_look_up(there):
        assert delivery.state == "published", tries(delivery)
    assert delivery.state in ("published", "needs_attention")
    assert len(there.platform.posts()) <= 1


def test_busy_waits_and_then_goes_out_once(there: There) -> None:
    there.faults.next(Fault("busy", after=20, at="store"))
    delivery = settle(there, there.delivery())
    assert delivery.state == "published", tries(delivery)
    assert len(there.platform.posts()) == 1


def test_an_ended_consent_holds_it_with_nothing_sent(there: There) -> None:
    there.faults.always(Fault("unauthorized"))
    delivery = there.delivery()
    there.work(60, step=10)
    delivery.refresh_from_db()
    assert delivery.state == "held", tries(delivery)
    assert there.platform.posts() == []
    there.account.refresh_from_db()
    assert there.account.state == "expired"
