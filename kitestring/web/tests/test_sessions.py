"""A session lives until it ends; a person who may not sign in any more is a stranger at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from procrastinate.contrib.django import app

from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.tasks import forget_ended_sessions
from kitestring.kit.clock import now
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World, door: Callable[[Member], Client]) -> Client:
    """The manager, signed in."""
    return door(world.manager)


def test_who_signed_in_stays(desk: Client) -> None:
    assert desk.get("/").status_code == 200
    assert desk.get("/").status_code == 200


def test_an_ended_session_asks_to_sign_in(desk: Client) -> None:
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert desk.get("/").status_code == 302


def test_a_removed_session_asks_to_sign_in(desk: Client) -> None:
    Session.objects.all().delete()
    assert desk.get("/").status_code == 302


def test_a_person_switched_off_is_a_stranger(desk: Client, world: World) -> None:
    world.manager.user.is_active = False
    world.manager.user.save()
    assert desk.get("/").status_code == 302


def test_a_new_password_ends_the_other_sessions(desk: Client, world: World) -> None:
    world.manager.user.set_password("another-kite-7")
    world.manager.user.save()
    assert desk.get("/").status_code == 302


def test_a_member_who_left_sees_nothing(desk: Client, world: World) -> None:
    world.manager.left_at = now()
    world.manager.save()
    assert desk.get("/").status_code == 403


def test_a_key_that_cannot_be_one_is_a_strangers(world: World) -> None:
    stranger = Client()
    stranger.cookies["sessionid"] = "\0aaaaaaaaaaaaaaaa"
    assert stranger.get("/").status_code == 302


def test_ended_sessions_are_deleted_every_day(desk: Client) -> None:
    ended = Session.objects.create(
        session_key="ended", session_data="", expire_date=now() - timedelta(days=1)
    )
    forget_ended_sessions(timestamp=0)
    assert not Session.objects.filter(pk=ended.pk).exists()
    assert desk.get("/").status_code == 200
    assert ("workspaces.forget_sessions", "") in app.periodic_registry.periodic_tasks
