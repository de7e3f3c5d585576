"""The tags of an account: made, renamed, dropped on their page; posts and menus choose from the list as it is then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import RetryLater
from kitestring.domains.channels.actions.tag import make_tag
from kitestring.domains.channels.tests.counter import Counter
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.refusals import Refusal
from tests.world import World

Door = Callable[[Member], Client]


def path(counter: Counter) -> str:
    return f"/settings/accounts/{counter.of.pk}/tags/"


def chosen_from(counter: Counter) -> list[str]:
    return [row["label"] for row in counter.of.settings["tags"]]


def test_a_tag_is_made_renamed_and_dropped(world: World, door: Door, counter: Counter) -> None:
    client = door(world.manager)
    assert path(counter) in client.get(f"/settings/accounts/{counter.of.pk}/").content.decode()
    shown = client.get(path(counter)).content.decode()
    assert "320 people" in shown
    assert "The channel’s own; it cannot be changed." in shown
    assert client.post(path(counter), {"do": "make", "name": " 春茶  客 "}).status_code == 302
    assert "春茶 客 · 0" in chosen_from(counter)
    key = next(row["value"] for row in counter.of.settings["tags"] if row["label"].startswith("春茶"))
    client.post(path(counter), {"do": "rename", "tag": key, "name": "春茶"})
    assert "春茶 · 0" in chosen_from(counter)
    assert AuditEntry.objects.filter(verb="account.tag").latest("id").before == {"tag": "春茶 客"}
    client.post(path(counter), {"do": "drop", "tag": key})
    assert not any(label.startswith("春茶") for label in chosen_from(counter))
    assert AuditEntry.objects.get(verb="account.untag").before == {"tag": "春茶"}


def test_what_is_refused_is_said_and_kept(world: World, door: Door, counter: Counter) -> None:
    client = door(world.manager)
    for language, said in (
        ("en", "takes 33 bytes"),
        ("zh-hans", "名称占33字节"),
        ("vi", "Tên này chiếm 33 byte"),
    ):
        world.manager.language = language
        world.manager.save()
        answer = client.post(path(counter), {"do": "make", "name": "茶" * 11})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert f'value="{"茶" * 11}"' in answer.content.decode()
    world.manager.language = "en"
    world.manager.save()
    assert "cannot be changed" in client.post(path(counter), {"do": "drop", "tag": "2"}).content.decode()
    counter.faults.next(Fault("drop_after", at="store"))
    lost = client.post(path(counter), {"do": "make", "name": "熟客"}).content.decode()
    assert "twice does no harm" in lost
    assert client.post(path(counter), {"do": "make", "name": "熟客"}).status_code == 302
    assert sum(label.startswith("熟客") for label in chosen_from(counter)) == 1


def test_a_tag_that_was_made_is_written_down_though_the_list_is_not_read_again(
    world: World, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(session: object) -> None:
        raise RetryLater("server")

    monkeypatch.setattr(counter.connector.tags, "all", down)
    before = counter.of.settings.get("tags")
    make_tag(world.manager, counter.of.pk, "熟客")
    assert AuditEntry.objects.get(verb="account.tag").after["tag"] == "熟客"
    assert counter.of.settings.get("tags") == before


def test_tags_that_cannot_be_read_are_said_so(world: World, door: Door, counter: Counter) -> None:
    counter.faults.next(Fault("down"))
    assert "The tags cannot be read now." in door(world.manager).get(path(counter)).content.decode()


def test_only_who_may_connect_accounts_makes_tags(world: World, door: Door, counter: Counter) -> None:
    assert door(world.editor).post(path(counter), {"do": "make", "name": "x"}).status_code == 403
    with pytest.raises(Refusal):
        make_tag(world.editor, counter.of.pk, "x")
    of = counter.of
    of.channel = "nowhere"
    of.save()
    assert door(world.manager).get(path(counter)).status_code == 404
