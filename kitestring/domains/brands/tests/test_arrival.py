"""Who opens a page comes with every seat and its brands, in one statement."""

from __future__ import annotations

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.queries import arrival, brands_of
from kitestring.domains.workspaces.models import Member, Workspace
from kitestring.domains.workspaces.queries import memberships_of
from kitestring.kit.clock import now
from tests.world import World

pytestmark = pytest.mark.django_db


def second_seat(world: World) -> Member:
    """The manager also works in a house that has no brand yet."""
    house = Workspace.objects.create(name="Second house")
    return Member.objects.create(workspace=house, user=world.manager.user, name="M", role="owner")


def test_it_holds_what_the_single_reads_give(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    second_seat(world)
    Brand.objects.create(workspace=world.brand.workspace, name="Another", timezone="UTC")
    Brand.objects.create(workspace=world.brand.workspace, name="Put aside", timezone="UTC", archived_at=now())
    with django_assert_num_queries(1):
        found = arrival(world.manager.user_id)
        assert found is not None
        assert [one.workspace.name for one in found.seats]
    assert found.person == world.manager.user
    assert list(found.seats) == memberships_of(world.manager.user)
    for seat in found.seats:
        assert seat.user is found.person
        assert found.brands.get(seat.workspace_id, []) == brands_of(seat)


def test_brands_made_in_one_moment_keep_their_order_though_one_is_changed(world: World) -> None:
    """A pause writes the row anew, and PostgreSQL gives rows of one moment in the order in which it finds them."""
    moment = world.brand.created_at
    for name in ("Second", "Third"):
        Brand.objects.create(workspace=world.brand.workspace, name=name, timezone="UTC", created_at=moment)
    before = brands_of(world.manager)
    Brand.objects.filter(pk=before[0].pk).update(paused_at=now())
    found = arrival(world.manager.user_id)
    assert found is not None
    assert brands_of(world.manager) == found.brands[world.brand.workspace_id] == before


def test_a_seat_that_was_given_up_is_not_there(world: World) -> None:
    world.manager.left_at = now()
    world.manager.save()
    found = arrival(world.manager.user_id)
    assert found is not None
    assert (found.seats, found.brands) == ((), {})


def test_who_may_not_sign_in_does_not_arrive(world: World) -> None:
    world.manager.user.is_active = False
    world.manager.user.save()
    assert arrival(world.manager.user_id) is None
    assert arrival(uuid4()) is None
