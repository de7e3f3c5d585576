"""Every address that holds somebody's id: another workspace's member finds nothing there, whatever they send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import AppKey, ConnectLink, Visit
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Revision
from kitestring.domains.ideas.actions.add_ideas import add_ideas
from kitestring.domains.ideas.actions.write_brief import write_brief
from kitestring.domains.ideas.models import Idea
from kitestring.domains.inbox.models import Message
from kitestring.domains.inbox.tests.conftest import Street
from kitestring.domains.library.models import Asset
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.models import Delivery, Rewording, Series
from kitestring.domains.reports.models import Report
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.workspaces.models import Invitation, Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from tests.world import World

Door = Callable[[Member], Client]
OTHERS = {"kind": "delivery", "verb": "hold", "channel": "none", "what": "brand", "number": 1, "way": "on"}
# Their own rows, and what only says "not yours" by doing nothing.
SENT = {
    "role": "editor",
    "day": "2030-01-01",
    "time": "09:00",
    "title": "Theirs",
    "text": "Theirs",
    "version": "1",
}
ELSEWHERE = frozenset({"web:choose_brand", "web:choose_workspace"})


def with_ids() -> Iterator[tuple[str, dict[str, type]]]:
    """(name, converters) of each address with an id in it."""
    for namespace, patterns in _rooms():
        for one in patterns:
            if isinstance(one, URLPattern) and one.name:
                kinds = one.pattern.converters
                if any(isinstance(kind, UUIDConverter) for kind in kinds.values()):
                    yield f"{namespace}:{one.name}", kinds


def _rooms() -> Iterator[tuple[str, list[Any]]]:
    for one in get_resolver().url_patterns:
        if isinstance(one, URLResolver) and one.namespace:
            yield one.namespace, one.url_patterns


def visit(world: World) -> Visit:
    return Visit.objects.create(
        member=world.owner, brand=world.brand, channel="none", state_hash="h", sealed="", back_at=now()
    )


def rewording(delivery: Delivery) -> Rewording:
    return Rewording.objects.create(delivery=delivery, text="New", before_text="Old", why="So", digest="d")


@pytest.fixture
def ids(world: World) -> dict[str, UUID]:
    """A row of ours for each kind of id an address may hold."""
    brief = write_brief(world.owner, world.brand, "Ours")
    add_ideas(world.owner, brief.pk, ["A bell", "A lamp"])
    street = Street(world)
    street.comes("Open on Sundays?")
    post = write_post(world.owner, world.brand, text="Ours")
    variant = add_variant(world.owner, post.pk, street.account)
    revision = Revision.objects.create(post=post, number=1, digest="d", content={})
    approval = Approval.objects.create(
        revision=revision, state="asked", asked_by=world.editor, asked_at=now()
    )
    asset = Asset.objects.create(
        brand=world.brand, name="a.png", mime="image/png", size=1, path="a.png", sha256="d" * 64
    )
    invitation = Invitation.objects.create(
        workspace=world.workspace, email="x@y.test", role="editor", language="en", secret_hash="h",
        expires_at=now(), invited_by=world.owner,
    )  # fmt: skip
    report = Report.objects.create(
        brand=world.brand, title="Ours", content={}, secret="s" * 32, language="en", made_by=world.owner,
        starts_on=now().date(), ends_on=now().date(),
    )  # fmt: skip
    return {
        "brief_id": brief.pk,
        "idea_id": Idea.objects.filter(brief=brief)[0].pk,
        "campaign_id": Campaign.objects.create(brand=world.brand, name="Ours").pk,
        "account_id": street.account.pk,
        "post_id": post.pk,
        "variant_id": variant.pk,
        "revision_id": revision.pk,
        "approval_id": approval.pk,
        "asset_id": asset.pk,
        "delivery_id": Delivery.objects.get().pk,
        "conversation_id": street.talk().pk,
        "message_id": Message.objects.get().pk,
        "thing_id": Delivery.objects.get().pk,
        "member_id": world.editor.pk,
        "invitation_id": invitation.pk,
        "report_id": report.pk,
        "brand_id": world.brand.pk,
        "visit_id": visit(world).pk,
        "key_id": AppKey.objects.create(workspace=world.workspace, provider="none", sealed="").pk,
        "link_id": ConnectLink.objects.create(member=world.owner, brand=world.brand, token_hash="h").pk,
        "row_id": world.brand.pk,
        "rewording_id": rewording(street.delivery).pk,
        "series_id": Series.objects.create(
            kind="recurring", brand=world.brand, post=post, zone_key="UTC", made_to=now(), starts=now().date()
        ).pk,
    }


@pytest.mark.parametrize("whose", ["another's", "nobody's"])
def test_another_workspaces_member_finds_nothing(
    whose: str, ids: dict[str, UUID], stranger: World, door: Door
) -> None:
    client, wrong = door(stranger.owner), []
    for place, kinds in sorted(with_ids()):
        if place in ELSEWHERE:
            continue
        address = reverse(place, kwargs={key: _part(key, kind, ids, whose) for key, kind in kinds.items()})
        for answer in (client.get(address), client.post(address, SENT)):
            said = answer.content.decode(errors="replace")
            if answer.status_code not in (404, 405) or "Traceback" in said:
                wrong.append(f"{answer.wsgi_request.method} {place}: {answer.status_code}")
    assert wrong == []


def _part(key: str, kind: object, ids: dict[str, UUID], whose: str) -> object:
    if not isinstance(kind, UUIDConverter):
        return OTHERS.get(key, "x")
    return ids[key] if whose == "another's" else uuid7()


def test_a_guessed_address_for_a_channels_calls_is_nothing(ids: dict[str, UUID], client: Client) -> None:
    """It asks for no sign-in and tells nobody anything: whatever is guessed is an empty 404."""
    for channel in [*registry.connectors(), "nobody"]:
        for token in ("x", str(ids["account_id"]), "0" * 64, "é", "%00"):
            for name in ("channels:hook", "channels:app_hook"):
                address = reverse(name, args=[channel, token])
                for answer in (
                    client.get(address, {"echostr": "x"}),
                    client.post(address, b"<xml>", "text/xml"),
                ):
                    assert (answer.status_code, answer.content, dict(answer.cookies)) == (404, b"", {}), (
                        address
                    )
