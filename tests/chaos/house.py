"""A house with one brand on the simulated channel, its clock, and the rounds of a worker. No thread and no socket is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.db import connection

from kitestring.connectorkit import registry
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.publishing.actions import database, flight
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.deliver import ask_around, drain
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import renewals
from kitestring.domains.publishing.tests.harbour.manifests import WAYS, manifest
from kitestring.kit import clock
from kitestring.kit.crypto import Vault
from tests.chaos.loop import outside, run
from tests.chaos.points import Points, counted, reach
from tests.world import World

SEA: Final = Path(__file__).parent / "sea"
AWAITED: Final = """
SELECT min(extract(epoch FROM at - ks_now())) FROM (
    SELECT not_before AS at FROM publishing_delivery WHERE id = %(id)s AND state IN ('scheduled', 'unknown', 'processing')
    UNION ALL SELECT lease_until FROM publishing_delivery WHERE id = %(id)s
    UNION ALL SELECT processing_until FROM publishing_delivery WHERE id = %(id)s AND state = 'processing'
    UNION ALL SELECT due_at FROM publishing_delivery WHERE id = %(id)s AND state = 'scheduled'
    UNION ALL SELECT unnest(ARRAY[lease_until, not_before]) FROM publishing_lane WHERE account_id = %(account)s
) AS moments WHERE at > ks_now()"""


def connector(way: str) -> Connector:
    return Connector(manifest(way), "tests.chaos.sea", SEA)


@dataclass
class House:
    """`moved`: how far the clock was moved, of Python and of the database."""

    world: World
    move_clock: Callable[[timedelta], None]
    moved: timedelta = field(default_factory=timedelta)

    def pass_(self, seconds: float) -> None:
        self.moved += timedelta(seconds=seconds)
        self.move_clock(self.moved)

    def delivery(self, way: str, text: str) -> Delivery:
        """Due this moment, on an account of its own whose grant can be renewed."""
        account = Account.objects.create(
            workspace=self.world.workspace, brand=self.world.brand, channel=f"harbour-{way.replace('_', '-')}",
            account_type=way, remote_id=f"{way}-{clock.now().timestamp()}", handle="@sea", name="Sea",
        )  # fmt: skip
        sealed = Vault(settings.CRYPTO_KEYS).seal({"token": "t", "renewable": True})
        StoredGrant.objects.create(
            account=account, sealed=sealed, renewed_at=clock.now() - timedelta(hours=1)
        )
        post = write_post(self.world.editor, self.world.brand, text=text)
        variant = add_variant(self.world.editor, post.pk, account)
        return publish_now(self.world.editor, variant.post, only=variant)[0]

    def round(self, points: Points) -> bool:
        """What a worker does once: sweep, send, ask, send again, renew. False when it was killed on the way."""
        with counted(points), connection.execute_wrapper(points.statement):
            return run(self.pass_, _swept, drain, ask_around, drain, _renewed)

    def wait(self, delivery: Delivery) -> None:
        """Let time pass until the next moment the delivery waits for; a second where it waits for none."""
        with connection.cursor() as cursor:
            cursor.execute(AWAITED, {"id": delivery.pk, "account": delivery.account_id})
            (seconds,) = cursor.fetchone()
        self.pass_(float(seconds or 1.0) + 0.05)


async def _swept() -> None:
    await on_database(sweep)


async def _renewed() -> None:
    await on_database(renewals)


def _inline(work: Callable[[], Any], **_how: object) -> Callable[[], Any]:
    """In the loop's own thread, so that a run with the same points is the same run."""

    async def done() -> Any:
        reach("to the database")
        with outside():
            found = work()
        reach("back from the database")
        return found

    return done


@contextmanager
def simulated(world: World, move_clock: Callable[[timedelta], None]) -> Iterator[House]:
    """The house, with the simulated channel in the registry and the engine without threads and without pauses."""
    known = registry.connectors()
    ours = [connector(way) for way in WAYS]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "sync_to_async", _inline)
        patch.setattr(flight, "GATHER", 0.0)
        known.update({one.manifest.slug: one for one in ours})
        world.brand.needs_approval = False
        world.brand.save()
        try:
            yield House(world, move_clock)
        finally:
            for one in ours:
                known.pop(one.manifest.slug, None)
