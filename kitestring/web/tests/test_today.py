"""Today lists what is owed in the order in which it is lost, and says when nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.ideas.models import Brief
from kitestring.domains.inbox.models import Contact, Conversation
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.rules.seen import LOUDEST
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.ui import formats
from kitestring.ui.marks import account_name
from kitestring.web.today import greeting
from kitestring.web.today_lines import owed_lines, timeline
from tests.world import World

Door = Callable[[Member], Client]


def conversation(world: World, name: str, minutes_left: int, text: str = "Mấy giờ mở cửa?") -> Conversation:
    account = world.brand.accounts.first() or account_on(world)
    contact = Contact.objects.create(brand=world.brand, channel=account.channel, remote_id=name, name=name)
    moment = now()
    return Conversation.objects.create(
        brand=world.brand,
        account=account,
        contact=contact,
        post_remote_id=name,
        contact_name=name,
        snippet=text,
        owed_since=moment - timedelta(minutes=240 - minutes_left),
        answer_by=moment + timedelta(minutes=minutes_left),
        last_at=moment,
    )


def test_an_empty_day_says_so_and_offers_the_next_step(world: World, door: Door) -> None:
    account_on(world)
    Brief.objects.create(brand=world.brand, title="Why")
    write_post(world.editor, world.brand, title="What", text="What.")
    page = door(world.manager).get("/").content.decode()
    assert "Nothing is owed" in page
    assert "Write a post" in page


def test_answers_come_soonest_first_with_the_time_left(world: World, door: Door) -> None:
    conversation(world, "Ngọc Trâm", 12)
    conversation(world, "陈小满", 126, "咸咖啡有没有不加冰的？")
    page = door(world.manager).get("/").content.decode()
    assert page.index("Ngọc Trâm") < page.index("陈小满")
    assert "left" in page
    assert "Start answering" in page


def test_a_late_answer_is_called_late(world: World) -> None:
    late = conversation(world, "Late", -30)
    (line,) = owed_lines([late], now())
    assert line.left < 0
    assert line.percent == 0


def test_a_late_answer_has_no_bar_of_time_left(world: World, door: Door) -> None:
    conversation(world, "Late", -30)
    page = door(world.manager).get("/").content.decode()
    assert "30 min late" in page
    assert 'class="left' not in page


def test_the_number_of_answers_is_not_read_as_due_by_that_hour(world: World, door: Door) -> None:
    for n in range(9):
        conversation(world, f"Person {n}", 60 + n)
    page = door(world.manager).get("/").content.decode()
    assert "9 wait" in page
    assert "and 2 more" in page


def test_how_many_wait_is_asked_once_a_page(
    world: World, door: Door, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for n in range(9):
        conversation(world, f"Person {n}", 60 + n)
    client = door(world.manager)
    with django_assert_max_num_queries(30) as asked:
        client.get("/")
    counts = [
        sql for q in asked.captured_queries if "count(" in (sql := q["sql"].lower()) and "owed_since" in sql
    ]
    assert len(counts) == 1


def test_a_post_held_on_two_accounts_is_one_line_that_names_both(world: World, door: Door) -> None:
    post = write_post(world.editor, world.brand, title="Hàng Bún mở lại", text="Ba tuần sau.")
    first = account_on(world)
    other = Account(
        workspace=world.workspace, brand=world.brand, channel=first.channel, remote_id="2", handle="@hang_bun"
    )
    other.save()
    accounts = [first, other]
    for account in accounts:
        variant = add_variant(world.editor, post.pk, account)
        hold(world.editor, schedule_delivery(world.editor, variant, now() + timedelta(days=2)))
    page = door(world.editor).get("/").content.decode()
    needs = page.partition("Needs you")[2].partition("</section>")[0]
    assert needs.count("Hàng Bún mở lại") == 1
    for account in accounts:
        assert account_name(account) in needs
    Account.objects.filter(pk=other.pk).update(name=first.name)
    needs = door(world.editor).get("/").content.decode().partition("Needs you")[2].partition("</section>")[0]
    for account in accounts:
        assert account.handle in needs, "of one name on one channel the handle tells"


def test_approvals_stand_in_the_order_in_which_they_are_lost(world: World, door: Door) -> None:
    for title, days in (("Later", 5), ("No hour", 0), ("Sooner", 2)):
        post = write_post(world.editor, world.brand, title=title, text=title)
        variant = add_variant(world.editor, post.pk, world.brand.accounts.first() or account_on(world))
        if days:
            schedule_delivery(world.editor, variant, now() + timedelta(days=days))
        ask_approval(world.editor, post.pk)
    page = door(world.approver).get("/").content.decode()
    part = page.partition("Approve</h2>")[2].partition("</section>")[0]
    assert part.index("Sooner") < part.index("Later") < part.index("No hour")
    assert "on 1 account" in part


def test_what_waits_for_a_yes_is_shown_to_those_who_may_give_it(world: World, door: Door) -> None:
    post = write_post(world.editor, world.brand, title="Khuấy ba vòng", text="Ngụm đầu đừng khuấy.")
    add_variant(world.editor, post.pk, account_on(world))
    ask_approval(world.editor, post.pk)
    assert "Khuấy ba vòng" in door(world.approver).get("/").content.decode()
    assert "Khuấy ba vòng" not in door(world.analyst).get("/").content.decode()


def test_a_stakeholder_sees_no_messages(world: World, door: Door) -> None:
    conversation(world, "Ngọc Trâm", 12)
    assert "Ngọc Trâm" not in door(world.stakeholder).get("/").content.decode()


def test_the_rail_counts_what_is_owed(world: World, door: Door) -> None:
    conversation(world, "A", 10)
    conversation(world, "B", 20)
    page = door(world.manager).get("/briefs/").content.decode()
    assert '<b class="num">2</b>' in page or ">2</" in page


@pytest.mark.parametrize(("hour", "word"), [(8, "morning"), (14, "afternoon"), (21, "evening")])
def test_greets_by_the_brands_clock(hour: int, word: str) -> None:
    with translation.override("en"):
        assert word in greeting(hour, "Hà")


def test_another_workspace_is_not_counted(world: World, stranger: World, door: Door) -> None:
    conversation(world, "Ngọc Trâm", 12)
    assert "Ngọc Trâm" not in door(stranger.owner).get("/").content.decode()


def accounts_of(world: World, number: int) -> list[Account]:
    first = account_on(world)
    more = [
        Account(
            workspace=world.workspace,
            brand=world.brand,
            channel=first.channel,
            remote_id=f"more {n}",
            handle=f"@m{n}",
        )
        for n in range(1, number)
    ]
    for account in more:
        account.save()
    return [first, *more]


def going_today(world: World, states: list[str]) -> list[Delivery]:
    """One post at one moment today, standing so on each of its accounts."""
    post = write_post(world.editor, world.brand, title="Four doors", text="Four doors")
    due = now() + timedelta(seconds=50)
    variants = [add_variant(world.editor, post.pk, account) for account in accounts_of(world, len(states))]
    made = [schedule_delivery(world.editor, variant, due) for variant in variants]
    for delivery, state in zip(made, states, strict=True):
        Delivery.objects.filter(pk=delivery.pk).update(state=state)
    return made


def line_of(client: Client, title: str) -> str:
    """The line of Today's timeline with this title, without tags."""
    page = client.get("/").content.decode()
    line = next(part for part in page.split('<div class="ev">')[1:] if title in part)
    return re.sub(r"<[^>]+>", "", line.partition("</div></div>")[0])


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["published", "published", "handed_off", "published"], "Handed off on 1 of 4 accounts"),
        (["published", "scheduled", "scheduled"], "Waits for approval on 2 of 3 accounts"),
        (["failed", "handed_off", "published"], "Refused on 1 of 3 accounts"),
    ],
)
def test_a_line_of_several_accounts_says_first_what_a_person_must_see(
    world: World, door: Door, states: list[str], said: str
) -> None:
    made = going_today(world, states)
    line = line_of(door(world.editor), "Four doors")
    assert said in line
    assert line.count("account") == 1
    (going,) = timeline(list(Delivery.objects.filter(pk__in=[d.pk for d in made])), now(), asks=False)
    assert going.first.state == going.state


def test_accounts_that_stand_alike_are_only_counted(world: World, door: Door) -> None:
    going_today(world, ["published"] * 3)
    line = line_of(door(world.editor), "Four doors")
    assert "Published" in line
    assert "3 accounts" in line
    assert " of " not in line


def test_what_waits_for_a_yes_says_so_as_on_the_calendar_until_it_has_one(world: World, door: Door) -> None:
    world.brand.needs_approval = True
    world.brand.save()
    (delivery,) = going_today(world, ["scheduled"])
    assert delivery.revision
    post = delivery.revision.post_id
    states = reverse("publishing:states") + f"?post={post}"
    client = door(world.editor)
    assert "Waits for approval" in line_of(client, "Four doors")
    assert "Waits for approval" in client.get(states).content.decode()
    approval = ask_approval(world.editor, post)
    approve(world.approver, approval.pk)
    assert "In 1 min" in line_of(client, "Four doors")
    assert "Scheduled" in client.get(states).content.decode()


def test_every_state_has_its_place_among_those_seen_first() -> None:
    assert set(DeliveryState.values) <= set(LOUDEST)


def one_of_each(world: World, n: int) -> None:
    """An answer owed, a post that waits for a yes, one held and one that goes out today."""
    conversation(world, f"Person {n}", n)
    account = world.brand.accounts.first()
    for kind in ("asked", "held", "going"):
        post = write_post(world.editor, world.brand, title=f"{kind} {n}", text=f"{kind} {n}")
        variant = add_variant(world.editor, post.pk, account)
        if kind == "asked":
            ask_approval(world.editor, post.pk)
            continue
        delivery = schedule_delivery(world.editor, variant, now() + timedelta(minutes=2))
        if kind == "held":
            hold(world.editor, delivery)


def test_as_few_questions_for_many_lines_as_for_one(
    world: World, door: Door, django_assert_num_queries: Callable[..., Any]
) -> None:
    one_of_each(world, 1)
    client = door(world.owner)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    for n in range(2, 6):
        one_of_each(world, n)
    with django_assert_num_queries(len(asked)):
        page = client.get("/").content.decode()
    for kind in ("asked", "held", "going", "Person"):
        assert f"{kind} 5" in page


def test_what_needs_a_person_is_all_shown_where_it_is_counted(world: World, door: Door) -> None:
    account, client = account_on(world), door(world.manager)
    for n in range(9):
        post = write_post(world.editor, world.brand, title=f"Held {n}", text=f"Held {n}")
        variant = add_variant(world.editor, post.pk, account)
        hold(world.editor, schedule_delivery(world.editor, variant, now() + timedelta(days=1, hours=n)))
    page = client.get("/").content.decode()
    assert page.count(">Held ") == 7 + 7, "the chip and the title of each"
    assert re.search(r'<a href="/\?all=needs#needs">Show all 9</a>', page)
    assert "in the calendar" not in page
    whole = client.get("/?all=needs").content.decode()
    assert all(f"Held {n}</a>" in whole for n in range(9))
    assert 'hx-get="/?all=needs"' in whole, "it stays open as it renews itself"
    assert "Show fewer" in whole


def test_what_is_held_by_hand_names_its_hour_and_account(world: World, door: Door) -> None:
    account = account_on(world)
    post = write_post(world.editor, world.brand, title="Weekly note", text="Weekly note")
    variant = add_variant(world.editor, post.pk, account)
    delivery = hold(world.editor, schedule_delivery(world.editor, variant, now() + timedelta(days=6)))
    page = door(world.manager).get("/").content.decode()
    with timezone.override(world.brand.zone):
        when = formats.date_time(delivery.due_at)
    assert f"releases it. Planned for {when} on {account_name(account)}." in page
