"""The entrance's mails are plain text: the link whole, nothing escaped."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

from tests.world import World


def test_the_reset_mail_holds_the_link_whole() -> None:
    url = "https://kite.example/account/password/reset/key/1-a&b/"
    names = {"user": SimpleNamespace(email="hà+1@crumb.test"), "password_reset_url": url}
    text = render_to_string("account/email/password_reset_key_message.txt", names)
    assert url in text
    assert "hà+1@crumb.test" in text
    assert "&amp;" not in text


@pytest.mark.django_db
def test_a_forgotten_password_is_asked_for_through_the_page(world: World, client: Client) -> None:
    page = client.get("/account/password/reset/")
    assert "Get a new password" in page.text
    client.post("/account/password/reset/", {"email": world.owner.user.email})
    assert mail.outbox[0].subject.endswith("A new password for Kitestring")
    assert "/account/password/reset/key/" in mail.outbox[0].body


@pytest.mark.django_db
def test_a_wrong_password_is_said_beside_the_form(world: World, client: Client) -> None:
    answer = client.post("/account/login/", {"login": world.owner.user.email, "password": "not-this-one"})
    assert 'class="err"' in answer.text
    assert "not-this-one" not in answer.text
