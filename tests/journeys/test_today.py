"""Today in a browser: on a phone each thing is cured where it stands, by a finger; on the desk no line is broken in two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.workspaces.models import Role
from kitestring.web.tests.test_today import conversation, going_today
from kitestring.web.tests.test_today_roles import asked_for, post_due, report
from tests.journeys.conftest import Desk
from tests.journeys.engine import aside
from tests.journeys.looking import PHONE, calm
from tests.world import World, make_world

FINGER = 44
REACH = """button => { const box = button.getBoundingClientRect(), more = getComputedStyle(button, '::before')
    return box.height + (more.content === 'none' ? 0 : -parseFloat(more.top) - parseFloat(more.bottom)) }"""


@pytest.fixture
def world(transactional_db: None) -> World:
    world = make_world()

    def made() -> None:
        going_today(world, ["scheduled"] * 3)
        conversation(world, "Khánh Vy Ăn Gì Cũng Được Miễn Là Ngon", -30)
        asked_for(world, "Khuấy hay không khuấy? Ly cà phê muối đúng điệu", timedelta(hours=2))
        hold(world.editor, post_due(world, "Trà mận nóng, ly đầu mùa", timedelta(days=1)))
        report(world, "“Khuấy cà phê muối đúng cách” đạt 13,4 lần mức thường", world.analyst)

    aside(made)
    return world


def cures(page: Page) -> list[tuple[str, float]]:
    """The words and the height under a finger of every button that is shown in a row or a section's head."""
    found = page.locator(".page .li .cure .btn:visible, .page .sec > header .btn:visible").all()
    return [(one.inner_text(), one.evaluate(REACH)) for one in found]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.OWNER, ["Start answering", "Release", "Approve", "Read", "Read"]),
        (Role.EDITOR, ["Start answering", "Release"]),
        (Role.APPROVER, ["Start reading", "Read", "Approve"]),
        (Role.STAKEHOLDER, ["Read and sign"]),
    ],
)
def test_on_a_phone_each_thing_has_its_cure_under_a_finger(
    world: World, desk: Desk, role: Role, words: list[str]
) -> None:
    page = desk(world.members[role], width=PHONE)
    found = cures(page)
    assert sorted(text for text, _height in found) == sorted(words)
    assert [one for one in found if one[1] < FINGER] == []
    expect(page.locator(".page .btn.p")).to_have_count(1)
    calm(page)


def test_on_a_phone_what_waits_for_a_yes_is_read_and_answered_where_it_stands(
    world: World, desk: Desk
) -> None:
    page = desk(world.owner, width=PHONE)
    row = page.locator(".li.acts")
    for part in row.locator("b, .t2").all():
        assert part.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight + 1"), (
            part.inner_text()
        )
    read, approve = (row.locator(".btn", has_text=word).bounding_box() for word in ("Read", "Approve"))
    assert read
    assert approve
    assert read["y"] == approve["y"]
    row.locator(".btn", has_text="Read").click()
    page.wait_for_url("**/approvals/**")


@pytest.mark.parametrize("language", ["zh-hans", "vi"])
def test_no_head_pushes_its_button_off_the_phone(world: World, desk: Desk, language: str) -> None:
    page = desk(world.owner, width=PHONE, language=language)
    expect(page.locator(".page .btn.p")).to_be_in_viewport(ratio=1)
    calm(page, axe=False)


@pytest.mark.parametrize("language", ["en", "vi", "zh-hans"])
def test_on_a_phone_a_heads_count_stands_under_its_words(world: World, desk: Desk, language: str) -> None:
    page = desk(world.owner, width=PHONE, language=language)
    head = page.locator(".sec > header:has(.btn)").first
    words, count = head.locator("h2").bounding_box(), head.locator(".n").bounding_box()
    assert words
    assert count
    assert words["height"] < 50, "two lines at most"
    assert (count["x"], count["y"] >= words["y"] + words["height"]) == (words["x"], True)


def test_on_a_phone_a_yes_and_a_release_are_given_on_the_spot(world: World, desk: Desk) -> None:
    page = desk(world.owner, width=PHONE)
    page.locator(".li form [name=answer][value=yes]").click()
    expect(page.locator(".page")).to_contain_text("Approved")
    page.get_by_role("button", name="Release", exact=True).click()
    expect(page.locator(".page")).not_to_contain_text("Held by hand")
    assert page.url.rstrip("/").count("/") == 2, "Today is still open"
    states = aside(
        lambda: (Approval.objects.get().state, set(Delivery.objects.values_list("state", flat=True)))
    )
    assert states == ("approved", {"scheduled"})


def test_on_the_desk_what_goes_out_stands_on_one_line(world: World, desk: Desk) -> None:
    page = desk(world.approver)
    said = page.locator(".tl .said")
    expect(said.first).to_be_visible()
    for line in said.all():
        assert line.evaluate("e => e.scrollWidth <= e.clientWidth && e.clientHeight <= 20"), line.inner_text()
    calm(page)
