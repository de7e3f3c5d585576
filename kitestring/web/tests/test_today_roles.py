"""Today for each role: what they may cure, soonest lost first, one red button; nothing they may not cure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.ideas.models import Brief
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.reports.models import Report, ReportAnswer, ReportRevision
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.workspaces.models import Member, Role
from kitestring.kit.clock import now
from kitestring.web.tests.test_today import conversation
from kitestring.web.today_lines import owed_head, owed_lines
from tests.world import World

Door = Callable[[Member], Client]
ASK = {"options": [{"key": "as_proposed", "title": "As proposed", "items": []}]}


def read(client: Client) -> str:
    """The page's own part, without the frame and the dialogs."""
    page = client.get("/").content.decode()
    return page.partition('<div class="page"')[2].partition("<dialog")[0]


def heads(page: str) -> list[str]:
    """The heads of the sections, in the order in which they stand: what is owed, then the side."""
    return ["Answer" if head.startswith("Answer") else head for head in re.findall(r"<h2>([^<]+)</h2>", page)]


def red(page: str) -> list[str]:
    """The words of the red buttons."""
    return re.findall(r'class="btn p[^"]*"[^>]*>\s*<span>([^<]+)</span>', page)


def post_due(world: World, title: str, after: timedelta) -> Delivery:
    account = world.brand.accounts.first() or account_on(world)
    variant = add_variant(
        world.editor, write_post(world.editor, world.brand, title=title, text=title).pk, account
    )
    return schedule_delivery(world.editor, variant, now() + after)


def asked_for(world: World, title: str, after: timedelta) -> None:
    delivery = post_due(world, title, after)
    assert delivery.revision
    ask_approval(world.editor, delivery.revision.post_id)


def report(world: World, title: str, made_by: Member, ask: object = ASK) -> ReportRevision:
    """A report as it went up."""
    today = now().date()
    content = {"ask": ask, "title": title}
    made = Report.objects.create(
        brand=world.brand, language="en", title=title, starts_on=today, ends_on=today, content=content,
        secret=title, made_by=made_by,
    )  # fmt: skip
    return ReportRevision.objects.create(report=made, number=1, content=content, shared_by=made_by)


@pytest.fixture
def full(world: World) -> World:
    """An answer in 30 minutes, an approval in two hours, one held for tomorrow, a report that asks."""
    conversation(world, "Ngọc Trâm", 30)
    asked_for(world, "Asked", timedelta(hours=2))
    hold(world.editor, post_due(world, "Held back", timedelta(days=1)))
    report(world, "Twice the saves", world.analyst)
    Brief.objects.create(brand=world.brand, title="Why")
    return world


@pytest.mark.parametrize(
    ("role", "owed", "button"),
    [
        (Role.OWNER, ["Answer", "Approve", "Needs you", "Sign"], ["Start answering"]),
        (Role.MANAGER, ["Answer", "Approve", "Needs you"], ["Start answering"]),
        (Role.EDITOR, ["Answer", "Needs you"], ["Start answering"]),
        (Role.APPROVER, ["Approve"], ["Start reading"]),
        (Role.ANALYST, ["Nothing is owed", "Newest report"], []),
        (Role.STAKEHOLDER, ["Sign"], ["Read and sign"]),
    ],
)
def test_each_role_sees_what_it_may_cure_and_one_thing_to_do_first(
    full: World, door: Door, role: Role, owed: list[str], button: list[str]
) -> None:
    page = read(door(full.members[role]))
    main = page.partition("Going out today")[0]
    assert heads(main) == owed
    assert red(page) == button
    assert ("Held back" in main) == ("Needs you" in owed)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ANALYST, Role.STAKEHOLDER])
def test_a_fault_is_not_asked_of_who_may_not_cure_it(full: World, door: Door, role: Role) -> None:
    Delivery.objects.all().update(state="needs_attention", due_at=now() - timedelta(seconds=1))
    page = read(door(full.members[role]))
    assert "Needs you" not in page
    assert "Waits for the team" in page
    assert "Needs you" in read(door(full.editor))


def test_who_reads_of_the_work_finds_the_newest_report_once(full: World, door: Door) -> None:
    assert "Newest report" in read(door(full.approver))
    assert "Newest report" in read(door(full.analyst))
    assert read(door(full.stakeholder)).count("Twice the saves") == 1
    report(full, "Asks nothing", full.analyst, ask=None)
    assert "Asks nothing" not in read(door(full.stakeholder))
    assert "Newest report" not in read(door(full.editor))


def test_a_report_is_signed_by_somebody_else_than_who_made_it(world: World, door: Door) -> None:
    report(world, "My own", world.owner)
    assert "My own" not in read(door(world.owner)).partition("Going out today")[0].partition("Sign</h2>")[2]
    assert "Sign" in heads(read(door(world.stakeholder)))
    world.stakeholder.delete()
    assert "Sign" in heads(read(door(world.owner)))


def test_what_was_not_shared_or_was_answered_asks_nobody(world: World, door: Door) -> None:
    first = report(world, "Twice the saves", world.analyst)
    ReportAnswer.objects.create(revision=first, choice="as_proposed", signed_as="Boss")
    assert "Sign" not in heads(read(door(world.stakeholder)))
    again = {**first.content, "title": "Said anew"}
    ReportRevision.objects.create(report=first.report, number=2, content=again, shared_by=world.analyst)
    assert "Said anew" in read(door(world.stakeholder))
    ReportRevision.objects.all().delete()
    assert "Twice the saves" not in read(door(world.stakeholder))


def test_another_workspaces_report_is_not_signed_here(world: World, stranger: World, door: Door) -> None:
    report(stranger, "Theirs", stranger.analyst)
    assert "Theirs" not in read(door(world.stakeholder))


def test_what_is_lost_soonest_stands_first_with_the_red_button(world: World, door: Door) -> None:
    conversation(world, "Ngọc Trâm", 120)
    asked_for(world, "Asked", timedelta(minutes=20))
    page = read(door(world.manager))
    assert heads(page)[:2] == ["Approve", "Answer"]
    assert red(page) == ["Start reading"]
    conversation(world, "Late", -5)
    page = read(door(world.manager))
    assert heads(page)[:2] == ["Answer", "Approve"]
    assert red(page) == ["Start answering"]


def test_the_first_cure_is_red_when_only_faults_are_owed(world: World, door: Door) -> None:
    for n in range(2):
        hold(world.editor, post_due(world, f"Held {n}", timedelta(days=1 + n)))
    page = read(door(world.editor))
    assert heads(page)[0] == "Needs you"
    assert red(page) == ["Release"]


def test_a_held_post_is_released_where_it_stands(world: World, door: Door) -> None:
    held = hold(world.editor, post_due(world, "Held", timedelta(days=1)))
    client = door(world.editor)
    where = reverse("publishing:deed", args=[held.pk, "release"])
    assert f'action="{where}"' in read(client)
    answer = client.post(where, {"seen": held.attempts, "next": "/"})
    assert answer.headers["Location"] == "/"
    held.refresh_from_db()
    assert held.state == "scheduled"
    assert "Needs you" not in read(client)


def test_a_deed_leads_to_no_house_but_ours(world: World, door: Door) -> None:
    held = hold(world.editor, post_due(world, "Held", timedelta(days=1)))
    where = reverse("publishing:deed", args=[held.pk, "release"])
    answer = door(world.editor).post(where, {"seen": held.attempts, "next": "//elsewhere.test/"})
    assert answer.headers["Location"] == reverse("publishing:delivery", args=[held.pk])


def test_only_a_reader_who_may_say_yes_is_told_that_it_waits_for_theirs(world: World, door: Door) -> None:
    world.brand.needs_approval = True
    world.brand.save()
    asked_for(world, "Asked", timedelta(seconds=50))
    assert "Waits for your approval" in read(door(world.approver))
    assert "Waits for your approval" not in read(door(world.editor))
    assert "Waits for approval" in read(door(world.editor))


def at(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")


def test_the_head_says_by_which_hour_the_first_answer_is_lost(world: World) -> None:
    moment = timezone.localtime(now()).replace(hour=8, minute=34)
    lines = owed_lines([conversation(world, "A", 1), conversation(world, "B", 9)], moment)
    first, second = (line.conversation for line in lines)
    second.answer_by = moment + timedelta(hours=2)
    first.answer_by = moment + timedelta(hours=3)
    hour = at(second.answer_by)
    said = {"en": f"Answer before {hour}", "zh-hans": f"{hour}前回复", "vi": f"Trả lời trước {hour}"}
    for language, words in said.items():
        with translation.override(language):
            assert owed_head(lines, moment) == words
    second.answer_by = moment - timedelta(minutes=4)
    hour = at(second.answer_by)
    late = {
        "en": f"Answer now, late since {hour}",
        "zh-hans": f"优先回复：最早一条{hour}已超时",
        "vi": f"Trả lời ngay, trễ từ {hour}",
    }
    for language, words in late.items():
        with translation.override(language):
            assert owed_head(lines, moment) == words


def test_an_hour_of_another_day_names_its_day(world: World) -> None:
    moment = timezone.localtime(now()).replace(hour=20, minute=0)
    (line,) = owed_lines([conversation(world, "A", 1)], moment)
    with translation.override("en"):
        line.conversation.answer_by = moment + timedelta(hours=13)
        assert owed_head([line], moment).endswith(f"before tomorrow {at(moment + timedelta(hours=13))}")
        line.conversation.answer_by = moment + timedelta(hours=5)
        assert owed_head([line], moment) == f"Answer before {at(moment + timedelta(hours=5))}"
        line.conversation.answer_by = moment - timedelta(hours=23)
        assert owed_head([line], moment).endswith(f"late since yesterday {at(moment - timedelta(hours=23))}")
