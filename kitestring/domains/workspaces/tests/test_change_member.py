"""Roles change, members go, and there is always an owner left; every change is written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.workspaces.models import AuditEntry, Member, Role, Workspace
from tests.world import World

Door = Callable[[Member], Client]


def test_an_owner_changes_a_role_at_once(world: World, door: Door) -> None:
    path = f"/settings/members/{world.editor.id}/role/"
    assert door(world.owner).post(path, {"role": "approver"}).status_code == 302
    world.editor.refresh_from_db()
    assert world.editor.role == "approver"
    entry = AuditEntry.objects.get(verb="member.change_role")
    assert (entry.before["role"], entry.after["role"], entry.member) == ("editor", "approver", world.owner)


def test_a_manager_may_not(world: World, door: Door) -> None:
    path = f"/settings/members/{world.editor.id}/role/"
    assert door(world.manager).post(path, {"role": "owner"}).status_code == 403
    world.editor.refresh_from_db()
    assert world.editor.role == "editor"


def test_a_role_that_is_none_is_refused(world: World, door: Door) -> None:
    answer = door(world.owner).post(f"/settings/members/{world.editor.id}/role/", {"role": "god"})
    assert answer.status_code == 422


def test_the_last_owner_stays(world: World, door: Door) -> None:
    client = door(world.owner)
    demoted = client.post(f"/settings/members/{world.owner.id}/role/", {"role": "editor"})
    removed = client.post(f"/settings/members/{world.owner.id}/remove/")
    assert (demoted.status_code, removed.status_code) == (422, 422)
    world.owner.refresh_from_db()
    assert (world.owner.role, world.owner.left_at) == (Role.OWNER, None)


def test_with_a_second_owner_the_first_may_go(world: World, door: Door) -> None:
    client = door(world.owner)
    client.post(f"/settings/members/{world.manager.id}/role/", {"role": "owner"})
    assert client.post(f"/settings/members/{world.owner.id}/remove/").status_code == 302
    assert client.get("/settings/").status_code == 403


def test_a_removed_member_is_out_at_once(world: World, door: Door) -> None:
    theirs = door(world.editor)
    assert theirs.get("/settings/").status_code == 200
    door(world.owner).post(f"/settings/members/{world.editor.id}/remove/")
    assert theirs.get("/settings/").status_code == 403
    assert Member.objects.get(pk=world.editor.pk).left_at is not None


def test_members_of_others_are_not_found(world: World, stranger: World, door: Door) -> None:
    client = door(world.owner)
    assert client.post(f"/settings/members/{stranger.editor.id}/remove/").status_code == 404
    assert stranger.editor.user.email not in client.get("/settings/members/").content.decode()


def test_own_settings_take_effect_at_once(world: World, door: Door) -> None:
    client = door(world.editor)
    form = {"name": "Quân", "title": "Writer", "language": "vi", "theme": "dark"}
    page = client.post("/settings/", form, follow=True).content.decode()
    assert '<html lang="vi" data-theme="dark">' in page
    entry = AuditEntry.objects.get(verb="member.change_own")
    assert entry.before == {"name": "Minh Quân", "title": "", "language": "en", "theme": "system"}
    assert client.post("/settings/", {**form, "language": "xx"}).status_code == 422


def test_only_an_owner_renames(world: World, door: Door) -> None:
    assert door(world.manager).post("/settings/workspace/", {"name": "Ours"}).status_code == 403
    assert door(world.owner).post("/settings/workspace/", {"name": " \n"}).status_code == 422
    door(world.owner).post("/settings/workspace/", {"name": "Crumb Group"})
    assert Workspace.objects.get(pk=world.workspace.pk).name == "Crumb Group"


@pytest.mark.parametrize("who", ["editor", "approver", "analyst", "stakeholder"])
def test_only_owners_and_managers_read_the_record(world: World, door: Door, who: str) -> None:
    assert door(getattr(world, who)).get("/settings/record/").status_code == 403
    assert "/settings/record/" not in door(getattr(world, who)).get("/settings/").content.decode()
