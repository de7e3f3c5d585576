"""Signing in and out, changing and forgetting a password: allauth's doors with our rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from kitestring.domains.workspaces.models import Member, User
from tests.world import PASSWORD, World


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str, to: str = "") -> int:
    path = "/account/login/" + (f"?next={to}" if to else "")
    return client.post(path, {"login": email, "password": password}).status_code


def test_a_member_signs_in_and_out(world: World) -> None:
    client = Client()
    assert "password" in client.get("/account/login/").content.decode()
    assert sign_in(client, world.editor.user.email.upper(), PASSWORD) == 302
    assert client.get("/settings/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/settings/").status_code == 302


@pytest.mark.parametrize("to", ["http://[", "https://evil.example/", "//evil.example"])
def test_a_way_back_that_is_not_ours_leads_to_today(world: World, to: str) -> None:
    client = Client()
    assert client.get("/account/login/", {"next": to}).status_code == 200
    answer = client.post(
        "/account/login/", {"login": world.editor.user.email, "password": PASSWORD, "next": to}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_wrong_password_is_a_sentence(world: World) -> None:
    client = Client()
    answer = client.post("/account/login/", {"login": world.editor.user.email, "password": "wrong"})
    assert answer.status_code == 200
    assert "err" in answer.content.decode()
    assert client.get("/settings/").status_code == 302


def test_guessing_is_slowed_down(world: World) -> None:
    client = Client()
    for _ in range(6):
        sign_in(client, world.editor.user.email, "wrong-guess-1")
    answer = client.post("/account/login/", {"login": world.editor.user.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert client.get("/settings/").status_code == 302


def test_nobody_signs_up_by_themselves(world: World) -> None:
    form = {"email": "new@crumb.example", "password1": "a long walk by the sea"}
    page = Client().post("/account/signup/", form)
    assert page.status_code == 200
    assert (
        Client().post("/account/login/", {"login": form["email"], "password": form["password1"]}).status_code
        == 200
    )


def test_a_password_is_changed(world: World) -> None:
    client = Client()
    sign_in(client, world.editor.user.email, PASSWORD)
    assert client.get("/account/password/change/").status_code == 200
    new = "a long walk by the sea"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", form).status_code == 302
    assert sign_in(Client(), world.editor.user.email, new) == 302


def test_a_forgotten_password_comes_by_mail(world: World) -> None:
    client = Client()
    assert client.get("/account/password/reset/").status_code == 200
    assert client.post("/account/password/reset/", {"email": world.editor.user.email}).status_code == 302
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", mail.outbox[0].body)
    assert found
    page = client.get(found[1], follow=True)
    assert page.status_code == 200
    new = "a long walk by the sea"
    assert client.post(page.request["PATH_INFO"], {"password1": new, "password2": new}).status_code == 302
    assert sign_in(Client(), world.editor.user.email, new) == 302


def test_the_way_back_leads_only_home(world: World) -> None:
    client = Client()
    path = "/account/login/?next=https://evil.example/"
    answer = client.post(path, {"login": world.editor.user.email, "password": PASSWORD})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    "page", ["email/", "reauthenticate/", "inactive/", "confirm-email/", "password/set/"]
)
def test_no_other_page_of_the_entrance_is_offered(
    world: World, door: Callable[[Member], Client], page: str
) -> None:
    client = door(world.stakeholder)
    before = world.stakeholder.user.email
    assert client.get(f"/account/{page}").status_code == 302
    client.post(f"/account/{page}", {"email": "ceo@corp.example", "action_add": "", "action_primary": ""})
    assert User.objects.get(pk=world.stakeholder.user_id).email == before
    assert client.get("/account/confirm-email/some:key/").status_code == 404


def test_nobody_is_locked_out_from_elsewhere(world: World, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    form = {"login": world.editor.user.email, "password": "wrong-guess-1"}
    for _ in range(6):
        Client().post("/account/login/", form, headers={"x-forwarded-for": "203.0.113.9"})
    right = form | {"password": PASSWORD}
    barred = Client().post("/account/login/", right, headers={"x-forwarded-for": "203.0.113.9"})
    assert barred.status_code == 200
    welcome = Client().post(
        "/account/login/", right, headers={"x-forwarded-for": "203.0.113.9, 198.51.100.4"}
    )
    assert welcome.status_code == 302


def test_links_begin_as_people_type_them(
    world: World, door: Callable[[Member], Client], settings: Any
) -> None:
    settings.PUBLIC_URL = "https://kite.example"
    settings.ALLOWED_HOSTS = ["kite.example"]
    page = door(world.owner).post(
        "/settings/members/",
        {"email": "new@crumb.example", "role": "editor", "language": "en"},
        headers={"host": "kite.example"},
    )
    assert "https://kite.example/join/" in page.content.decode()
    assert "http://kite.example" not in page.content.decode()
    Client().post(
        "/account/password/reset/", {"email": world.editor.user.email}, headers={"host": "kite.example"}
    )
    assert "https://kite.example/account/password/reset/key/" in mail.outbox[0].body
