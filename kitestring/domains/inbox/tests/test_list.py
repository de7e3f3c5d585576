"""The list: a page's key from anywhere is at worst the first page; what is kept of a row is never out of date."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kitestring.domains.channels.models import Account
from kitestring.domains.inbox.views import lines
from kitestring.domains.workspaces.models import Member
from kitestring.ui.marks import channel_name
from tests.world import World

Door = Callable[[Member], Client]
HX = {"HX-Request": "true"}


NOBODYS = "0198a7d2-5a52-7c3e-9b7e-2f6a1c0de999"


@pytest.mark.parametrize("show", ["owed", "all"])
@pytest.mark.parametrize(
    "after",
    [
        "",
        "_",
        "nonsense",
        f"nan_{NOBODYS}",
        f"inf_{NOBODYS}",
        f"1e300_{NOBODYS}",
        f"-1e18_{NOBODYS}",
        "1763790000.5_not-an-id",
        "2026-11-22T05:00:00+00:00_" + "f" * 32,
        "\x00_\x00",
        "9" * 100_000,
        "1763790000.5_" + "f" * 100_000,
        "'; DROP TABLE inbox_message; --",
    ],
)
def test_a_key_that_is_none_gives_the_first_page(
    street: Any, world: World, door: Door, after: str, show: str
) -> None:
    street.comes("hello", who="an")
    got = door(world.editor).get("/inbox/", {"show": show, "after": after}, headers=HX)
    assert got.status_code == 200
    assert ">An</b>" in got.content.decode()


def test_a_key_of_another_workspace_opens_nothing(
    street: Any, world: World, stranger: World, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "PAGE", 1)
    street.comes("hello", who="an", ago=50)
    street.comes("hello", who="binh", ago=40)
    page = door(world.editor).get("/inbox/", headers=HX).content.decode()
    key = page.split("&amp;after=")[1].split('"')[0]
    theirs = door(stranger.owner).get(f"/inbox/?after={key}", headers=HX)
    assert theirs.status_code == 200
    assert "Binh" not in theirs.content.decode()
    assert "Binh" in door(world.editor).get(f"/inbox/?after={key}", headers=HX).content.decode()


@pytest.mark.parametrize("account", ["x", '"><script>', "\x00", NOBODYS, "f" * 100_000])
def test_an_account_that_is_none_is_no_error(street: Any, world: World, door: Door, account: str) -> None:
    street.comes("hello")
    got = door(world.editor).get("/inbox/", {"account": account})
    assert got.status_code == 200
    assert "<script>" not in got.content.decode()


def test_by_account(street: Any, world: World, door: Door) -> None:
    street.comes("hello", who="an")
    there = Account.objects.create(
        workspace=world.workspace,
        brand=world.brand,
        channel=street.account.channel,
        remote_id="2",
        name="Two",
    )
    street.account = there
    street.comes("hello", who="binh")
    page = door(world.editor).get(f"/inbox/?account={there.pk}").content.decode()
    assert ">Binh</b>" in page
    assert ">An</b>" not in page
    assert f"show=owed&amp;account={there.pk}" in page
    assert f'href="/inbox/{street.talk("binh").pk}/?account={there.pk}"' in page


def test_what_changed_in_a_row_is_shown_at_once(street: Any, world: World, door: Door) -> None:
    street.comes("hello", who="an", ago=50)
    here, talk = door(world.editor), street.talk("an")
    assert "Partner" not in here.get("/inbox/?part=list", headers=HX).content.decode()
    here.post(f"/inbox/{talk.pk}/stance/partner/", headers=HX)
    here.post(f"/inbox/{talk.pk}/give/{world.owner.pk}/", headers=HX)
    page = here.get("/inbox/?part=list", headers=HX).content.decode()
    assert "Partner · " in page
    assert world.owner.name in page
    world.editor.language = "vi"
    world.editor.save()
    assert "Partner" not in here.get("/inbox/?part=list", headers=HX).content.decode()


def test_accounts_of_one_name_are_told_apart_in_the_filter_and_over_a_conversation(
    street: Any, world: World, door: Door
) -> None:
    street.comes("hello", who="an")
    first = Account.objects.get(brand=world.brand)
    Account.objects.filter(pk=first.pk).update(name="Crumb", handle="@crumb")
    Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=first.channel, remote_id="2", name="Crumb", handle="@two"
    )  # fmt: skip
    page = door(world.editor).get("/inbox/").content.decode()
    assert f"Crumb · {channel_name(first)} · @crumb" in page
    assert f"Crumb · {channel_name(first)} · @two" in page
    talk = re.search(r'href="(/inbox/[0-9a-f-]+/)"', page)
    assert talk
    head = (
        door(world.editor).get(talk[1]).content.decode().split('class="threadcol"')[1].split("</header>")[0]
    )
    assert f"Crumb · {channel_name(first)}" in head


def test_what_is_left_is_said_as_left(street: Any, world: World, door: Door) -> None:
    street.comes("hello", who="an")
    row = door(world.editor).get("/inbox/").content.decode().split('class="conv')[1].split("</a>")[0]
    assert re.search(r">[\d hmin]+ left</span>", row)
