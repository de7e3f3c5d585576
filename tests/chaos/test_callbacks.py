"""Callbacks at any point, out of order, twice, late, too early, forged: what is live and what the ledger says stay the same."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.domains.publishing.actions.hear_callback import AGAIN, APART, hear_callback
from kitestring.domains.publishing.models import Attempt, Delivery
from tests.chaos.cases import Case, play
from tests.chaos.house import House
from tests.chaos.points import outside
from tests.chaos.scene import Scene, laid
from tests.chaos.sea import publishing as sea
from tests.chaos.sea.platform import SEA, fresh

pytestmark = pytest.mark.django_db
WORKS = 90.0  # how long the channel works on it
REAL = sea._let_go
AGAIN_IN = APART.total_seconds()


@pytest.mark.parametrize(
    ("way", "fault"),
    [("two_step", ""), ("two_step", "lost_after"), ("two_step", "lost_before"), ("read_back", "lost_after")],
)
def test_called_at_every_point_it_is_there_once(house: House, way: str, fault: str) -> None:
    cargo = "one" if fault == "lost_before" else "a line"
    base = Case(way, fault, "store" if fault else "", cargo=cargo)
    whole = play(house, base)
    places = whole.places("called back")
    for place in places[:: max(1, len(places) // 8)]:
        case = Case(way, fault, base.at, place, "called back", cargo)
        end = play(house, case)
        assert (end.wrong, {fate.state for fate in end.fates}) == ((), {"published"}), case.again()
        assert {fate.copies for fate in end.fates} == {1}, case.again()


def slow(house: House, early: Callable[[Scene], None] | None = None) -> Scene:
    """A two-step post that was let go, and whose channel works on it. `early`: when it has begun, and nobody here knows."""
    fresh({})
    SEA.slow = WORKS
    house.open(None)
    scene = laid(house, "two_step", "one", "slow")
    while not SEA.containers:
        house.round()
    with pytest.MonkeyPatch.context() as patch:
        if early is not None:
            patch.setattr(sea, "_let_go", lambda handle: (REAL(handle), early(scene))[0])
        house.wait()
        house.round()
    return scene


def till_live(house: House, scene: Scene) -> float:
    """Seconds until the ledger says that it is live."""
    begun = house.time.elapsed
    for _round in range(40):
        house.round()
        if scene.at_rest():
            break
        house.wait()
    assert [(f.state, f.copies, f.wrong) for f in scene.fates()] == [("published", 1, ())]
    return house.time.elapsed - begun


def row(scene: Scene) -> dict[str, object]:
    """All that the ledger knows of it."""
    (found,) = Delivery.objects.filter(pk=scene.deliveries[0].pk).values()
    return {**found, "tries": Attempt.objects.filter(delivery=scene.deliveries[0]).count()}


def test_without_a_call_it_is_found_by_asking(house: House) -> None:
    assert till_live(house, slow(house)) > 200


def test_a_call_makes_the_question_come_at_once_and_changes_nothing_else(house: House) -> None:
    scene = slow(house)
    account = scene.deliveries[0].account_id
    house.time.pass_(WORKS + 1)
    before = row(scene)
    assert hear_callback(account, ["c1"]) == 1
    after = row(scene)
    assert {name for name in after if after[name] != before[name]} == {"not_before"}
    assert till_live(house, scene) < 10


def test_a_call_that_lies_is_one_question(house: House) -> None:
    """It says that it is done while it is not: it is asked once more, and stays where it was."""
    scene = slow(house)
    account = scene.deliveries[0].account_id
    house.time.pass_(10)
    tries = row(scene)["tries"]
    for _again in range(20):
        hear_callback(account, ["c1"])
    house.round()
    house.round()
    now = row(scene)
    assert (now["state"], now["tries"]) == ("processing", tries + 1)
    assert till_live(house, scene) > 200 - 20


def test_however_often_it_is_called_the_channel_is_not_asked_more_than_every_few_seconds(
    house: House,
) -> None:
    scene = slow(house)
    account, before = scene.deliveries[0].account_id, row(scene)["tries"]
    for _second in range(20):
        house.time.pass_(1)
        for _again in range(5):
            hear_callback(account, ["c1", "c2", "nobody's"])
        house.round()
    assert row(scene)["state"] == "processing"
    assert row(scene)["tries"] - before <= 5


def test_what_nobody_knows_and_another_account_hurry_nothing(house: House) -> None:
    scene = slow(house)
    before = row(scene)
    other = house.account("two_step", "another")
    assert hear_callback(scene.deliveries[0].account_id, ["c7", "", "c1 c1"]) == 0
    assert hear_callback(other.pk, ["c1"]) == 0
    assert hear_callback(UUID(int=0), ["c1"]) == 0
    assert row(scene) == before


def test_a_call_after_the_end_is_nothing(house: House) -> None:
    scene = slow(house)
    till_live(house, scene)
    before = row(scene)
    assert hear_callback(scene.deliveries[0].account_id, ["c1"]) == 0
    assert row(scene) == before


def test_a_call_before_our_own_commit_of_the_handle_is_looked_at_again(house: House) -> None:
    """The channel is faster than we: it calls while what it gave us is not written down anywhere."""
    found: list[int] = []

    def calls(scene: Scene) -> None:
        SEA.slow = 0.0
        with outside():
            found.append(hear_callback(scene.deliveries[0].account_id, ["c1"]))

    scene = slow(house, calls)
    assert found == [0]
    (job,) = ProcrastinateJob.objects.filter(task_name="publishing.heard")
    assert job.args["again"] == AGAIN - 1
    house.time.pass_(AGAIN_IN)
    assert hear_callback(UUID(job.args["account_id"]), job.args["about"], job.args["again"]) == 1
    assert till_live(house, scene) < 10


def test_what_would_publish_is_never_hurried(house: House) -> None:
    """A container that waits for us to let it go is not the channel's to call about."""
    scene = slow(house)
    Delivery.objects.update(handed_over=False)
    assert hear_callback(scene.deliveries[0].account_id, ["c1"]) == 0


def test_what_the_channel_asked_us_to_wait_for_is_waited_for(house: House) -> None:
    scene = slow(house)
    Delivery.objects.update(reason="busy")
    assert hear_callback(scene.deliveries[0].account_id, ["c1"]) == 0
