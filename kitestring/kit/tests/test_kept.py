"""A kept read finds what the queryset finds, whatever it is asked for, and refuses values of its own making."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import F, QuerySet
from django.db.models.functions import Left

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.kept import Kept
from tests.world import World

pytestmark = pytest.mark.django_db


def of_role(role: str, workspace: UUID, since: datetime) -> QuerySet[Member]:
    found = Member.objects.filter(workspace_id=workspace, role=role, joined_at__gte=since)
    return found.select_related("workspace").annotate(first=Left("name", 1), house=F("workspace__name"))


def test_it_finds_what_the_queryset_finds_with_its_relations_and_annotations(world: World) -> None:
    kept, long_ago = Kept(of_role), now() - timedelta(days=999)
    for who in (world.manager, world.editor, world.manager):
        (usual,) = of_role(who.role, who.workspace_id, long_ago)
        (found,) = kept((who.role,), who.workspace_id, long_ago)
        for field in Member._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(usual, field.attname)
        assert found.workspace == usual.workspace
        assert (vars(found)["first"], vars(found)["house"]) == (usual.name[0], usual.workspace.name)


def test_a_later_call_asks_for_its_own_values(world: World) -> None:
    kept = Kept(of_role)
    assert kept(("manager",), world.manager.workspace_id, now() - timedelta(days=999))
    assert kept(("manager",), world.manager.workspace_id, now() + timedelta(days=1)) == []
    assert kept(("manager",), uuid4(), now() - timedelta(days=999)) == []


def test_what_is_left_out_is_fetched_when_it_is_needed(world: World) -> None:
    kept = Kept(lambda pk: Member.objects.filter(pk=pk).only("role"))
    (found,) = kept((), world.manager.pk)
    assert "name" not in vars(found)
    assert found.name == world.manager.name


def test_what_is_fetched_beside_it_comes_along(world: World) -> None:
    kept = Kept(lambda pk: Brand.objects.filter(pk=pk).prefetch_related("workspace__members"))
    (found,) = kept((), world.brand.pk)
    assert world.manager in found.workspace.members.all()
    assert "members" in vars(found.workspace)["_prefetched_objects_cache"]


def test_nothing_can_match() -> None:
    kept = Kept(lambda pk: Member.objects.filter(pk=pk, role__in=[]))
    assert kept((), uuid4()) == []
    assert kept((), uuid4()) == []


@pytest.mark.parametrize("own", [{"workspace_id": uuid4()}, {"joined_at__lt": now()}])
def test_an_id_or_a_moment_of_its_own_is_refused(own: dict[str, object]) -> None:
    kept = Kept(lambda pk: Member.objects.filter(pk=pk, **own))
    with pytest.raises(TypeError, match="of its own"):
        kept((), uuid4())
