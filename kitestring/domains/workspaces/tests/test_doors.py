"""The door of every page: strangers sign in, refusals are said, and no page stands open by mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import TABLE
from kitestring.kit.refusals import Conflict, Refusal
from tests.world import World

Door = Callable[[Member], Client]

# Everything else needs a member. A new public page is a decision: write it down here.
PUBLIC = {
    "brands:welcome": "an empty instance has nobody yet",
    "workspaces:join": "the link's secret is the key",
    "web:language": "strangers' pages speak three languages too",
    "web:health": "for load balancers; says no names",
    "channels:back": "a guest’s way back begins with a connect link and ends without a login; members sign in there",
    "channels:described": "what an app tells of itself, for a channel to read; its keys in public form and our own address",
    "channels:guest": "a connect link: its secret is the key, for a day; nothing is connected by it until its member chooses",
    "channels:hook": "where channels knock; the address is a secret, the call is signed, and nothing is told",
    "channels:app_hook": "where channels knock for an app of ours; the address is a secret, the call is signed, nothing is told",
    "publishing:fetched": "channels fetch a file there; the address is signed, good for a day and for one delivery under way",
    "publishing:on_phone": "a hand-off on a phone; its signed link is the key, for ten minutes and one delivery",
    "publishing:on_phone_carry": "the same hand-off; the phone's own cookie is the key, for twelve hours",
    "publishing:on_phone_proof": "the same hand-off; the same cookie",
    "publishing:on_phone_thumb": "the same hand-off; the same cookie",
    "publishing:on_phone_file": "the same hand-off; the same cookie",
    "reports:public": "the boss's live link; its secret is the key",
    "reports:public_paper": "the live link's page as a PDF; the same secret",
    "reports:public_revision": "an earlier page of the live link, as it was signed; the same secret",
    "reports:public_revision_paper": "the same as a PDF; the same secret",
}


def _pages(patterns: list[URLPattern | URLResolver], room: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            module = getattr(one.urlconf_name, "__name__", "")
            if not module.startswith("allauth"):
                yield from _pages(one.url_patterns, one.namespace or room)
        else:
            yield f"{room}:{one.name}", one


def test_every_page_of_ours_is_for_members_or_on_the_public_list() -> None:
    open_pages = {
        name
        for name, page in _pages(get_resolver().url_patterns)
        if not hasattr(page.callback, "permission") and name.split(":")[0]
    }
    assert open_pages <= set(PUBLIC) | {"ui:styleguide"}


def test_every_page_asks_for_a_permission_of_the_table() -> None:
    asked = {
        getattr(page.callback, "permission", "workspace.read")
        for _, page in _pages(get_resolver().url_patterns)
    }
    assert asked <= set(TABLE)


def test_a_stranger_is_sent_to_sign_in_and_back(world: World) -> None:
    answer = Client().get("/settings/members/?page=2")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/settings/members/%3Fpage%3D2"


def test_a_strangers_fragment_is_told_where_to_go(world: World) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/settings/members/"}
    answer = Client(headers=headers).get("/settings/members/")
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/account/login/?next=/settings/members/"


def test_someone_without_a_workspace_reads_why(world: World, door: Door) -> None:
    client = door(world.editor)
    world.editor.left_at = world.editor.joined_at
    world.editor.save()
    answer = client.get("/settings/")
    assert answer.status_code == 403
    assert "You are in no workspace" in answer.content.decode()


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal("It is too long.", field="text"), 422),
        (Refusal("Not here.", reason="not_found"), 404),
        (Refusal("Not you.", reason="not_permitted"), 403),
        (Conflict("Minh was faster."), 409),
    ],
)
@pytest.mark.parametrize("kind", ["page", "fragment", "json"])
def test_a_refusal_becomes_its_sentence(world: World, refusal: Refusal, status: int, kind: str) -> None:
    @members_only()
    def view(request: MemberRequest) -> HttpResponse:
        raise refusal

    headers = {"page": {}, "fragment": {"HX-Request": "true"}, "json": {"Accept": "application/json"}}[kind]
    request = RequestFactory(headers=headers).get("/posts/")
    request.user, request.member, request.brand = world.editor.user, world.editor, world.brand
    request.htmx = kind == "fragment"
    answer = view(request)
    assert answer.status_code == status
    text = answer.content.decode()
    assert refusal.message in text
    assert ("<html" in text) == (kind == "page")
    assert answer.get("HX-Retarget") == ("#toasts" if kind == "fragment" else None)
    assert (f'"field": "{refusal.field}"' in text) == (kind == "json")


def test_every_permission_of_a_page_is_asked(world: World, door: Door) -> None:
    client = door(world.stakeholder)
    assert client.get("/settings/record/").status_code == 403
    assert client.post(f"/settings/pause/workspace/{world.workspace.pk}/").status_code == 403
    assert client.get("/settings/permissions/").status_code == 200


def test_a_row_that_is_not_there_is_no_stack_trace(world: World) -> None:
    @members_only()
    def view(request: MemberRequest) -> HttpResponse:
        raise Member.DoesNotExist

    request = RequestFactory().get("/posts/")
    request.user, request.member, request.brand = world.editor.user, world.editor, world.brand
    request.htmx = False
    answer = view(request)
    assert answer.status_code == 404
    assert "This is not here (any more)" in answer.content.decode()
