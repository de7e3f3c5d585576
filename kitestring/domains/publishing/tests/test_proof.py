"""The address a person pastes lies on the channel, wherever it is pasted; a wrong one is corrected, and both are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.connectorkit import registry
from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.correct_address import correct_address
from kitestring.domains.publishing.actions.proof import proof
from kitestring.domains.publishing.actions.settle_by_person import say_live
from kitestring.domains.publishing.models import Delivery, Part
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.rules.proof import hosts_of_posts, on_hosts
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour.manifests import manifest
from kitestring.domains.publishing.tests.test_sequence import at_store
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.refusals import Conflict, Refusal

Door = Callable[[Member], Client]


@pytest.fixture
def asked(harbour: Harbour) -> Delivery:
    """One whose answer was lost on a channel without a look-up."""
    harbour.faults.next(Fault("drop_before", at="store"))
    delivery = harbour.delivery("none")
    harbour.work(5)
    delivery.refresh_from_db()
    assert delivery.state == "needs_attention"
    return delivery


def test_an_address_elsewhere_is_refused_beside_the_field(
    harbour: Harbour, asked: Delivery, door: Door
) -> None:
    client = door(harbour.world.editor)
    answer = client.post(reverse("publishing:live", args=[asked.pk]), {"url": "https://example.com/nope"})
    assert answer.status_code == 422
    assert "That address does not lie on harbour.test." in answer.content.decode()
    asked.refresh_from_db()
    assert (asked.state, asked.remote_url) == ("needs_attention", "")


@pytest.mark.parametrize(
    ("hosts", "handle", "urls", "good", "bad"),
    [
        (
            {"urls": {"api": "https://api.harbour.test", "web": "https://h.test"}, "shown": ["harbour.test"]},
            "@hien",
            {"api": "https://elsewhere.test"},
            ["https://h.test/hien/4", "http://www.harbour.test/hien/4"],
            ["https://h.test.example.com/4", "https://elsewhere.test/4", "https://test/4"],
        ),
        (
            {"self_hosted": True},
            "@hien@crumb.social",
            {"api": "https://web.crumb.example"},
            ["https://web.crumb.example/@hien/1", "https://crumb.social/@hien/1"],
            ["https://crumb.example/@hien/1", "https://social/@hien"],
        ),
        (
            {"self_hosted": True},
            "www.crumb.example/blog",
            {"api": "https://www.crumb.example/blog"},
            ["https://crumb.example/blog/warm", "https://www.crumb.example/?p=3"],
            ["https://example/?p=3", "https://crumb.example.org/"],
        ),
    ],
)
def test_which_hosts_a_channel_has(
    hosts: dict[str, Any], handle: str, urls: dict[str, str], good: list[str], bad: list[str]
) -> None:
    known = hosts_of_posts(manifest("none", hosts=hosts), handle, urls, {})
    assert all(on_hosts(one, known) for one in good)
    assert not any(on_hosts(one, known) for one in bad)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example\\@harbour.test/p/1",
        "https://harbour.test\\@evil.example/p/1",
        "https://harbour.test@evil.example/p/1",
        "https://mira:pw@harbour.test/p/1",
        "https://harbour.test/p\\1",
        "https://evil\u200b.harbour.test/p/1",
        "https://harbour.test/p\u009f/1",
        "https://harbour.test.evil.example/p/1",
    ],
)
def test_an_address_that_a_browser_reads_another_way_is_refused(asked: Delivery, address: str) -> None:
    with pytest.raises(Refusal) as refused:
        proof(asked, address)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("https://harbour.test./p/1", "https://harbour.test./p/1"),
        ("https://harbour.test/@hien/1\u200b", "https://harbour.test/@hien/1"),
        ("https://harbour.test/क्\u200dष/1", "https://harbour.test/क्\u200dष/1"),
    ],
)
def test_what_only_looks_odd_is_taken(asked: Delivery, pasted: str, kept: str) -> None:
    assert proof(asked, pasted) == kept


def test_every_channel_of_ours_says_where_its_posts_are_read() -> None:
    for connector in registry.connectors().values():
        urls = {"api": "https://crumb.example"} if connector.manifest.hosts.self_hosted else {}
        assert hosts_of_posts(connector.manifest, "", urls, {}), connector.manifest.slug


def test_a_wrong_address_is_corrected_and_both_are_kept(
    harbour: Harbour, asked: Delivery, door: Door
) -> None:
    client = door(harbour.world.editor)
    say_live(harbour.world.editor, asked, "https://harbour.test/p/8")
    page, way = (
        reverse("publishing:delivery", args=[asked.pk]),
        reverse("publishing:address", args=[asked.pk]),
    )
    assert "Correct its address" in client.get(page).content.decode()
    refused = client.post(way, {"url": "https://example.com/9"})
    assert refused.status_code == 422
    assert "does not lie on harbour.test" in refused.content.decode()
    assert client.post(way, {"url": "https://harbour.test/p/9"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.remote_url) == ("published", "https://harbour.test/p/9")
    line = timeline_of(asked).lines[-1]
    assert line.text.endswith("corrected its address")
    assert "https://harbour.test/p/8" in line.detail
    entry = AuditEntry.objects.get(verb="delivery.correct")
    assert (entry.before, entry.after) == (
        {"address": "https://harbour.test/p/8"},
        {"address": "https://harbour.test/p/9"},
    )


def test_what_the_channel_said_of_itself_stands(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery()
    harbour.send()
    delivery.refresh_from_db()
    assert delivery.state == "published"
    with pytest.raises(Conflict):
        correct_address(harbour.world.editor, delivery, "https://harbour.test/p/9")
    page = door(harbour.world.editor).get(reverse("publishing:delivery", args=[delivery.pk]))
    assert "Correct its address" not in page.content.decode()


@pytest.mark.parametrize("role", ["approver", "analyst", "stakeholder"])
def test_only_who_may_settle_corrects(harbour: Harbour, asked: Delivery, role: str) -> None:
    say_live(harbour.world.editor, asked, "https://harbour.test/p/8")
    with pytest.raises(Refusal):
        correct_address(getattr(harbour.world, role), asked, "https://harbour.test/p/9")


def test_a_part_of_a_sequence_has_its_own(harbour: Harbour) -> None:
    delivery, editor = harbour.sequence("none"), harbour.world.editor
    at_store(harbour, 1, "drop_after")
    harbour.work(10)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("needs_attention", 1)
    head = delivery.remote_url
    say_live(editor, delivery, "https://harbour.test/p/2")
    correct_address(editor, delivery, "https://harbour.test/p/3", 1)
    delivery.refresh_from_db()
    assert delivery.remote_url == head
    assert Part.objects.get(delivery=delivery, place=1).remote_url == "https://harbour.test/p/3"
    with pytest.raises(Conflict):
        correct_address(editor, delivery, "https://harbour.test/p/3", 0)
