"""What may happen at a point: the process dies, another joins, the database goes, a person changes their mind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import connection

from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.hear_callback import hear_callback
from kitestring.domains.publishing.actions.pause import pause, resume
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.sequence import key_of
from kitestring.kit import clock
from kitestring.kit.refusals import Conflict
from tests.chaos import points
from tests.chaos.scene import Scene
from tests.chaos.sea.platform import SEA

AWAY: Final = 60.0
JUMP: Final = 600.0
PAUSED: Final = 90.0
LATER: Final = timedelta(minutes=20)


def happen(deed: Callable[[Scene], None], scene: Scene) -> None:
    """A moment after what was before, so that it can be told from it."""
    scene.house.time.pass_(0.001)
    deed(scene)


def _joins(scene: Scene) -> None:
    scene.house.joins()


def _away(scene: Scene) -> None:
    scene.house.goes_away(AWAY)


def _unheard(scene: Scene) -> None:
    points.SERVER.deaf = True


def _lost(scene: Scene) -> None:
    SEA.faults["store"] = "lost_after"


def _emptied(scene: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def _ahead(scene: Scene) -> None:
    scene.clocks_set = True
    scene.house.time.jump(JUMP)


def _back(scene: Scene) -> None:
    scene.clocks_set = True
    scene.house.time.jump(-JUMP)


def _cancel(scene: Scene) -> None:
    delivery = _first(scene)
    try:
        cancel(scene.house.world.editor, delivery)
    except Conflict:
        return
    scene.cancelled.add(delivery.pk)
    scene.nothing_after[str(delivery.key)] = scene.house.time.elapsed


def _move(scene: Scene) -> None:
    delivery = _first(scene)
    key, live = str(delivery.key), _may_be_out(delivery)
    hour = clock.now() + LATER
    try:
        reschedule(scene.house.world.editor, delivery, hour)
    except Conflict:
        return
    if not live:
        scene.nothing_before[key] = scene.house.time.elapsed + LATER.total_seconds()


def _called_back(scene: Scene) -> None:
    """The channel calls about everything it ever had, the latest first, each twice, and about what nobody knows."""
    for account_id in {delivery.account_id for delivery in scene.deliveries}:
        for handle in [*reversed(SEA.containers), "nobody's"]:
            hear_callback(account_id, [handle])
            hear_callback(account_id, [handle])


def _pause(kind: str) -> Callable[[Scene], None]:
    def paused(scene: Scene) -> None:
        house, delivery = scene.house, _first(scene)
        owner, account = house.world.owner, delivery.account
        row = {"workspace": owner.workspace_id, "brand": account.brand_id, "account": account.pk}[kind]
        began, flying = house.time.elapsed, frozenset(_in_the_air(scene))
        pause(owner, kind, row)

        def over() -> None:
            scene.paused.append((began, house.time.elapsed, flying))
            resume(owner, kind, row)

        house.plan(PAUSED, over)

    return paused


# Name: what happens. None: the process dies. Those of ANYWHERE happen inside a transaction too.
EVENTS: Final[dict[str, Callable[[Scene], None] | None]] = {
    "dies": None,
    "another joins": _joins,
    "database away": _away,
    "commit unheard": _unheard,
    "jobs emptied": _emptied,
    "answer lost": _lost,
    "clock ahead": _ahead,
    "clock back": _back,
    "called back": _called_back,
    "cancelled": _cancel,
    "moved": _move,
    "workspace paused": _pause("workspace"),
    "brand paused": _pause("brand"),
    "account paused": _pause("account"),
}
ANYWHERE: Final = ("dies", "database away")


def _first(scene: Scene) -> Delivery:
    scene.deliveries[0].refresh_from_db()
    return scene.deliveries[0]


def _may_be_out(delivery: Delivery) -> bool:
    """A call of it may have arrived already."""
    return delivery.attempts > 0


def _in_the_air(scene: Scene) -> list[str]:
    """What is in a worker's hands now."""
    found = Delivery.objects.filter(pk__in=[d.pk for d in scene.deliveries], lease_until__gt=clock.now())
    return [str(key_of(one.key, one.part)) for one in found]
