"""An invitation's link works once, for seven days, for the invited address."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.domains.workspaces.models import AuditEntry, Invitation, Member, User
from kitestring.domains.workspaces.tasks import mail_invitation
from tests.world import PASSWORD, World

Door = Callable[[Member], Client]
Move = Callable[[timedelta], None]
NEW = {"name": "Phạm Lan", "password": "a long walk by the sea"}


def invite(client: Client, email: str = "lan@crumb.example", role: str = "editor") -> str:
    """Invite and return the link's path."""
    answer = client.post("/settings/members/", {"email": email, "role": role, "language": "vi"})
    assert answer.status_code == 200, answer.content.decode()
    found = re.search(r'value="http://testserver(/join/[^"]+)"', answer.content.decode())
    assert found
    return found[1]


def test_a_new_person_joins(world: World, door: Door) -> None:
    link = invite(door(world.manager))
    client = Client()
    page = client.get(link).content.decode()
    assert "lan@crumb.example" in page
    assert client.post(link, NEW).status_code == 302
    member = Member.objects.get(user__email="lan@crumb.example")
    assert (member.name, member.role, member.language) == ("Phạm Lan", "editor", "vi")
    assert client.get("/settings/").status_code == 200
    assert AuditEntry.objects.get(verb="member.join").after["email"] == "lan@crumb.example"


def test_the_link_works_once(world: World, door: Door) -> None:
    link = invite(door(world.owner))
    Client().post(link, NEW)
    answer = Client().post(link, {"name": "Someone else", "password": NEW["password"]})
    assert answer.status_code == 404
    assert "already used" in answer.content.decode()
    assert Member.objects.filter(name="Someone else").count() == 0


def test_an_address_too_long_to_keep_is_said_beside_it(world: World, door: Door) -> None:
    email = f"a@{'.'.join(['b' * 60] * 5)}.example"
    data = {"email": email, "role": "editor", "language": "en"}
    answer = door(world.owner).post("/settings/members/", data)
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("gone", ["removed", "demoted"])
def test_who_may_not_invite_any_more_leaves_no_open_door(world: World, door: Door, gone: str) -> None:
    link = invite(door(world.manager))
    kept = invite(door(world.owner), "kept@crumb.example")
    path = f"/settings/members/{world.manager.pk}/"
    door(world.owner).post(
        *((path + "remove/",) if gone == "removed" else (path + "role/", {"role": "editor"}))
    )
    assert Client().get(link).status_code == 404
    assert Client().get(kept).status_code == 200
    assert AuditEntry.objects.filter(verb="member.revoke_invitation", member=world.owner).count() == 1


def test_the_link_ends_after_seven_days(world: World, door: Door, move_clock: Move) -> None:
    link = invite(door(world.owner))
    move_clock(timedelta(days=7, seconds=1))
    answer = Client().get(link)
    assert answer.status_code == 404
    assert "expired" in answer.content.decode()
    invite(door(world.owner))
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_a_revoked_link_is_closed_and_a_renewed_one_replaces_it(world: World, door: Door) -> None:
    client = door(world.owner)
    link = invite(client)
    one = Invitation.objects.get()
    answer = client.post(f"/settings/invitations/{one.id}/renew/")
    assert "/join/" in answer.content.decode()
    assert Client().get(link).status_code == 404
    client.post(f"/settings/invitations/{one.id}/revoke/")
    one.refresh_from_db()
    assert one.revoked_at is not None
    assert client.post(f"/settings/invitations/{one.id}/renew/").status_code == 404


def test_only_the_hash_of_the_secret_is_kept(world: World, door: Door) -> None:
    secret = invite(door(world.owner)).split("/")[2]
    assert secret not in Invitation.objects.get().secret_hash
    assert not ProcrastinateJob.objects.filter(args__icontains=secret).exists()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"email": "nobody", "role": "editor", "language": "en"}, "email"),
        ({"email": "a@b.example", "role": "king", "language": "en"}, "role"),
        ({"email": "a@b.example", "role": "editor", "language": "tlh"}, "language"),
    ],
)
def test_a_wrong_answer_is_said_beside_its_field(
    world: World, door: Door, form: dict[str, str], field: str
) -> None:
    answer = door(world.owner).post("/settings/members/", form)
    assert answer.status_code == 422
    assert f'id="id_{field}-err"' in answer.content.decode()


def test_nobody_is_invited_twice(world: World, door: Door) -> None:
    client = door(world.owner)
    invite(client)
    again = client.post(
        "/settings/members/", {"email": "LAN@crumb.example", "role": "editor", "language": "en"}
    )
    assert again.status_code == 422
    member = client.post(
        "/settings/members/", {"email": world.editor.user.email, "role": "editor", "language": "en"}
    )
    assert "is a member here already" in member.content.decode()


def test_a_manager_cannot_make_an_owner_and_an_editor_cannot_invite(world: World, door: Door) -> None:
    form = {"email": "boss@crumb.example", "role": "owner", "language": "en"}
    assert "Only an owner" in door(world.manager).post("/settings/members/", form).content.decode()
    assert door(world.editor).post("/settings/members/", form).status_code == 403
    assert "Invite somebody" not in door(world.editor).get("/settings/members/").content.decode()
    assert not Invitation.objects.exists()


def test_a_person_with_a_sign_in_joins_one_more_workspace(world: World, stranger: World, door: Door) -> None:
    link = invite(door(world.owner), stranger.editor.user.email, "analyst")
    client = Client()
    page = client.get(link).content.decode()
    assert "/account/login/?next=/join/" in page
    assert client.post(link, NEW).status_code == 200
    assert not Member.objects.filter(workspace=world.workspace, user=stranger.editor.user).exists()
    client.post("/account/login/", {"login": stranger.editor.user.email, "password": PASSWORD})
    # The invitation was written in Vietnamese; so is its page.
    assert "Tham gia bằng" in client.get(link).content.decode()
    assert client.post(link).status_code == 302
    member = Member.objects.get(workspace=world.workspace, user=stranger.editor.user)
    assert (member.role, member.name) == ("analyst", "Minh Quân")
    assert "Crumb &amp; Co" in client.get("/settings/").content.decode()
    client.post(f"/workspace/{stranger.workspace.id}/")
    assert "Rival &amp; Co" in client.get("/settings/members/").content.decode()
    assert client.post(f"/workspace/{world.brand.id}/").status_code == 404


def test_the_invitation_is_for_one_address(world: World, stranger: World, door: Door) -> None:
    link = invite(door(world.owner))
    client = door(stranger.editor)
    assert "Đăng xuất" in client.get(link).content.decode()
    assert client.post(link).status_code == 403
    assert Invitation.objects.get().accepted_at is None


def test_a_former_member_comes_back_with_the_new_role(world: World, door: Door) -> None:
    client = door(world.owner)
    client.post(f"/settings/members/{world.editor.id}/remove/")
    link = invite(client, world.editor.user.email, "approver")
    door(world.editor).post(link)
    world.editor.refresh_from_db()
    assert (world.editor.left_at, world.editor.role) == (None, "approver")


def test_a_weak_password_is_refused_and_the_link_stays_good(world: World, door: Door) -> None:
    link = invite(door(world.owner))
    answer = Client().post(link, {"name": "Lan", "password": "short"})
    assert answer.status_code == 422
    assert 'id="id_password-err"' in answer.content.decode()
    assert not User.objects.filter(email="lan@crumb.example").exists()
    assert Client().post(link, NEW).status_code == 302


def test_mail_goes_out_where_mail_is_set_up(
    world: World, door: Door, settings: pytest.FixtureRequest
) -> None:
    settings.MAIL_IS_ON = True
    link = invite(door(world.owner))
    job = ProcrastinateJob.objects.get(task_name="workspaces.mail_invitation")
    mail_invitation(**job.args)
    (sent,) = mail.outbox
    assert sent.to == ["lan@crumb.example"]
    assert link in sent.body
    Client().post(link, NEW)
    mail_invitation(**job.args)
    assert len(mail.outbox) == 1
