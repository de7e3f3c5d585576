"""The record shows who changed what, from what to what, and is found by words and by person."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

import kitestring
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import TABLE
from kitestring.domains.workspaces.rules import PERMISSIONS, VERBS
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def written(world: World) -> World:
    record(
        world.editor, "member.change_own", world.editor, before={"name": "Quân"}, after={"name": "Minh Quân"}
    )
    record(world.owner, "brand.change", world.brand, before={"name": "咖啡"}, after={"name": "云岭茶事 100%"})
    record(world.workspace, "account.expire", world.brand, after={"reason": "grant_expired"})
    return world


def shown(client: Client, query: str) -> str:
    answer = client.get(f"/settings/record/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_all_is_listed_newest_first(written: World, door: Door) -> None:
    page = shown(door(written.owner), "")
    places = [
        page.index(words)
        for words in ("found that a grant had ended", "changed a brand", "changed own settings")
    ]
    assert places == sorted(places)
    assert "Kitestring itself" in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("q=云岭", "云岭茶事", "changed own settings"),
        ("q=quân", "changed own settings", "云岭茶事"),
        ("q=100%25", "云岭茶事", "changed own settings"),
        ("q=brand+茶", "云岭茶事", "changed own settings"),
        ("who=house", "found that a grant had ended", "changed a brand"),
        ("who=nonsense&page=99", "changed a brand", "\0"),
        ("q=%00nothing", "Nothing recorded like this", "changed a brand"),
    ],
)
def test_it_is_filtered(written: World, door: Door, query: str, there: str, gone: str) -> None:
    page = shown(door(written.owner), query)
    assert there in page
    assert gone not in page


def test_it_is_filtered_by_person(written: World, door: Door) -> None:
    page = shown(door(written.manager), f"who={written.editor.id}")
    assert "changed own settings" in page
    assert "changed a brand" not in page


def test_nothing_of_the_machine_is_shown(world: World, door: Door) -> None:
    record(
        world.editor,
        "delivery.hold",
        world.brand,
        before={"state": "scheduled", "reason": ""},
        after={
            "state": "held",
            "reason": "held_by_person",
            "kind": "mass_send",
            "key": str(world.brand.pk),
            "note": "",
        },
    )
    record(
        world.owner,
        "report.answer",
        world.brand,
        after={
            "choice": "as_proposed",
            "ends_on": "2026-11-21",
            "goal_value": "3000.0",
            "size": 16934,
            "on": False,
        },
    )
    page = shown(door(world.owner), "")
    for raw in (
        "held_by_person",
        "mass_send",
        "as_proposed",
        "2026-11-21",
        "3000.0",
        "16934",
        "Note:",
        "Kind:",
        "Reason:",
    ):
        assert raw not in page, raw
    assert f">{world.brand.pk}<" not in page
    for said in ("As proposed", "21 Nov 2026", "3,000", "Shortlisted: no", "<del>Scheduled</del>"):
        assert said in page, said


def test_fields_come_in_the_order_people_read_them(world: World, door: Door) -> None:
    record(
        world.owner, "report.make", world.brand, after={"ends_on": "2026-11-21", "starts_on": "2026-10-23"}
    )
    page = shown(door(world.owner), "")
    assert page.index("First day:") < page.index("Last day:")


def test_a_change_leads_to_what_was_changed(written: World, door: Door) -> None:
    assert f'href="/settings/brands/{written.brand.pk}/"' in shown(door(written.owner), "")


def test_it_comes_in_pages(world: World, door: Door) -> None:
    for number in range(120):
        record(world.owner, "brand.change", world.brand, after={"name": f"Nr {number:03}"})
    page = shown(door(world.owner), "q=Nr&page=2")
    assert "Nr 069" in page
    assert "Nr 119" not in page


def test_another_workspace_reads_nothing_of_ours(written: World, stranger: World, door: Door) -> None:
    assert "云岭茶事" not in shown(door(stranger.owner), "")


def test_every_permission_and_every_verb_has_words() -> None:
    assert set(PERMISSIONS) == set(TABLE)
    call = re.compile(r'\brecord\(\s*[\w.]+,\s*"([a-z_.]+)"')
    used = set()
    for source in Path(kitestring.__file__).parent.glob("domains/*/actions/**/*.py"):
        used |= set(call.findall(source.read_text("utf-8")))
    assert len(used) > 10
    assert used <= set(VERBS), f"say these verbs in workspaces/rules.py: {sorted(used - set(VERBS))}"
