"""The frame is drawn once for a reader and then filled in: with this page's token and address, never another's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.inbox.models import Contact, Conversation
from kitestring.domains.workspaces.actions.change_workspace import pause_everything
from kitestring.domains.workspaces.models import Member, Role
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.ui import pieces
from kitestring.web import figures
from tests.world import World

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def desk(world: World, door: Callable[[Member], Client]) -> Client:
    """The manager, signed in."""
    return door(world.manager)


def page_of(desk: Client, address: str = "/") -> str:
    return desk.get(address).content.decode()


def test_the_phone_reaches_search_and_the_pause_of_everything(world: World, desk: Client) -> None:
    page = page_of(desk)
    sheet = page[page.index('id="more"') :]
    assert 'data-open="palette"' in sheet
    assert 'data-open="pause-all"' in sheet, "one tap, and what it does is said before it is done"
    dialog = page[page.index('id="pause-all"') :]
    assert reverse("publishing:pause", args=["workspace", world.workspace.pk]) in dialog
    assert 'href="/settings/pause/"' in dialog
    head = page[
        page.index('<header class="head"') : page.index("</header>", page.index('<header class="head"'))
    ]
    assert re.search(r'class="ico only-p"[^>]*data-open="palette"', head)
    pause_everything(world.owner)
    paused = page_of(desk)
    assert 'data-open="pause-all"' not in paused
    assert 'id="pause-all"' not in paused


def test_a_second_page_draws_no_piece_again(world: World, desk: Client) -> None:
    page_of(desk)
    before = pieces._kept.cache_info()
    page_of(desk)
    after = pieces._kept.cache_info()
    assert after.misses == before.misses
    assert after.hits == before.hits + 3


def test_every_page_has_its_own_token_and_address(world: World, desk: Client) -> None:
    first, second = page_of(desk, "/?one"), page_of(desk, "/?two&<b>")
    assert "\0" not in first + second
    assert len(set(TOKEN.findall(first))) == 1
    assert set(TOKEN.findall(first)).isdisjoint(TOKEN.findall(second))
    assert 'name="next" value="/?one"' in first
    assert 'name="next" value="/?two&amp;' in second
    assert "<b>" not in re.findall(r'name="next" value="([^"]*)"', second)[0]


@pytest.mark.parametrize(
    "address", ["/settings/", "/settings/pause/", "/settings/accounts/", "/settings/brands/"]
)
def test_a_room_cannot_take_the_pages_address(world: World, desk: Client, address: str) -> None:
    assert set(re.findall(r'name="next" value="([^"]*)"', page_of(desk, address))) == {address}


def test_what_the_frame_shows_is_drawn_anew_when_it_changes(world: World, desk: Client) -> None:
    page_of(desk)
    world.manager.name, world.manager.theme = "Somebody Else", "dark"
    world.manager.save()
    assert "Somebody Else" in page_of(desk)
    assert re.search(r'data-theme-choice="dark"[^>]*aria-pressed="true"', page_of(desk))
    world.brand.name = "Crumb and Crust"
    world.brand.save()
    assert "Crumb and Crust" in page_of(desk)
    Brand.objects.create(workspace=world.workspace, name="A second brand")
    assert "A second brand" in page_of(desk)
    owe(world)
    assert '<b class="num">1</b>' in page_of(desk)
    owe(world)
    assert '<b class="num">2</b>' in page_of(desk)
    desk.post("/language/", {"language": "vi", "next": "/"})
    assert 'lang="vi"' in page_of(desk)
    assert "Hôm nay" in page_of(desk)


def test_a_new_role_is_another_frame(world: World, desk: Client) -> None:
    assert "data-post" in page_of(desk)
    world.manager.role = Role.STAKEHOLDER
    world.manager.save()
    assert "data-post" not in page_of(desk)


@pytest.mark.parametrize("role", Role)
def test_the_figure_is_what_the_member_owes(
    world: World, door: Callable[[Member], Client], role: Role
) -> None:
    """In the rail, the phone's bar and the palette: who answers nobody owes nothing."""
    owe(world)
    page = page_of(door(world.members[role]))
    shown = re.findall(r'<b class="num">1</b>', page)
    answers = role in (Role.OWNER, Role.MANAGER, Role.EDITOR)
    assert bool(shown) == answers
    assert ('data-nav="inbox"' in page) == (role != Role.STAKEHOLDER), "reading is another matter"


@pytest.mark.parametrize(("n", "shown"), [(99, "99"), (100, "99+")])
def test_a_figure_that_is_not_counted_to_its_end_says_so(
    desk: Client, monkeypatch: pytest.MonkeyPatch, n: int, shown: str
) -> None:
    monkeypatch.setattr(figures, "owed_count", lambda *_a, **_k: n)
    page = page_of(desk, "/inbox/")
    assert page.count(f'<b class="num">{shown}</b>') == 2, "the rail and the phone's bar"
    assert f'<span class="n num q">{shown}</span>' in page
    assert f'data-owed="{shown}"' in page


def owe(world: World) -> None:
    account = world.brand.accounts.first() or account_on(world)
    contact = Contact.objects.create(
        brand=world.brand, channel=account.channel, remote_id=str(uuid7()), name="Linh"
    )
    Conversation.objects.create(
        brand=world.brand, account=account, contact=contact, contact_name="Linh", post_remote_id=str(contact.pk),
        snippet="?", last_at=now(), owed_since=now(), answer_by=now(),
    )  # fmt: skip
