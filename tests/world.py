"""The small named world that tests live in: Mira's bakery, brand Crumb, a person in every role.

`world` gives rows in the database; `door(member)` a browser-like client signed in as that member, with the brand chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.utils import translation

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member, Role, User, Workspace
from kitestring.kit import clock

PASSWORD = "kite-string-9"
NAMES = {
    Role.OWNER: "Mira",
    Role.MANAGER: "Hà",
    Role.EDITOR: "Minh Quân",
    Role.APPROVER: "周明珊",
    Role.ANALYST: "Ada",
    Role.STAKEHOLDER: "林总",
}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page that was asked for leaves its reader's language behind in the thread: the next test begins in English."""
    translation.activate("en")
    yield
    translation.deactivate()


@dataclass
class World:
    """A workspace with one brand and one member per role."""

    workspace: Workspace
    brand: Brand
    members: dict[Role, Member]

    @property
    def owner(self) -> Member:
        return self.members[Role.OWNER]

    @property
    def manager(self) -> Member:
        return self.members[Role.MANAGER]

    @property
    def editor(self) -> Member:
        return self.members[Role.EDITOR]

    @property
    def approver(self) -> Member:
        return self.members[Role.APPROVER]

    @property
    def analyst(self) -> Member:
        return self.members[Role.ANALYST]

    @property
    def stakeholder(self) -> Member:
        return self.members[Role.STAKEHOLDER]


@cache
def _hashed() -> str:
    """Hashing is slow on purpose; once a run is enough."""
    return make_password(PASSWORD)


def make_world(name: str = "Crumb", timezone: str = "Asia/Ho_Chi_Minh") -> World:
    workspace = Workspace.objects.create(name=f"{name} & Co")
    brand = Brand.objects.create(workspace=workspace, name=name, timezone=timezone)
    # In two statements, not twelve: thousands of tests begin here.
    users = User.objects.bulk_create(
        User(email=f"{role}@{workspace.id}.test", password=_hashed()) for role in NAMES
    )
    members = Member.objects.bulk_create(
        Member(workspace=workspace, user=user, name=person, role=role)
        for user, (role, person) in zip(users, NAMES.items(), strict=True)
    )
    return World(workspace, brand, dict(zip(NAMES, members, strict=True)))


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def stranger(db: None) -> World:
    """Another workspace, to prove that nothing leaks between tenants."""
    return make_world("Rival")


@pytest.fixture
def door() -> Callable[[Member], Client]:
    def open_as(member: Member) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return open_as


@pytest.fixture
def move_clock(db: None) -> Iterator[Callable[[timedelta], None]]:
    """Move Python's clock and this connection's `ks_now()` together."""

    def move(by: timedelta) -> None:
        clock.move(by)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('kitestring.clock_offset', %s, false)", [f"{by.total_seconds()} seconds"]
            )

    yield move
    move(timedelta(0))
