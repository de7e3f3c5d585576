"""What is told of changed words after a try that may have changed them, and which kinds can be changed at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions.do_rewording import do_rewording
from kitestring.domains.publishing.models import Delivery, Rewording
from kitestring.domains.publishing.queries.rewordings import can_reword
from kitestring.domains.publishing.rules.rewording import why_not_changed
from kitestring.domains.publishing.tests.test_reword import Channel, Door, Move, ask, channel, live
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal
from tests.world import World

__all__ = ["channel", "live"]


def wants_a_yes(live: Delivery, member: Member) -> None:
    live.account.brand.needs_approval = True
    live.account.brand.save()


def loses_the_role(live: Delivery, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(role="analyst")


def is_disconnected(live: Delivery, member: Member) -> None:
    Account.objects.filter(pk=live.account_id).update(state="disconnected")


def told(one: Rewording) -> str:
    one.refresh_from_db()
    return str(why_not_changed(one.reason, ended=one.state == "refused"))


@pytest.mark.parametrize("meanwhile", [wants_a_yes, loses_the_role, is_disconnected])
@pytest.mark.parametrize(
    "first", [Ambiguous("no_answer"), Ambiguous("look_up_unclear"), KeyError("id"), RetryLater("busy")]
)
def test_what_ends_after_an_unclear_try_says_that_nobody_knows(
    live: Delivery, world: World, channel: Channel, move_clock: Move, first: Exception, meanwhile: object
) -> None:
    one = ask(world.editor, live)
    channel.answers = [first]
    do_rewording(one.pk)
    move_clock(timedelta(minutes=5))
    assert callable(meanwhile)
    meanwhile(live, world.editor)
    do_rewording(one.pk)
    said = told(one)
    assert (one.state, len(channel.told)) == ("refused", 1)
    sure = isinstance(first, RetryLater)
    assert ("nobody knows which words stand" in said) is not sure
    assert ("still stand" in said) is sure


@pytest.mark.parametrize("last", [Rejected("text", "unknown"), GrantExpired("grant_expired")])
def test_a_later_busy_does_not_wipe_the_doubt_out(
    live: Delivery, world: World, channel: Channel, move_clock: Move, last: ConnectorError
) -> None:
    one = ask(world.editor, live)
    channel.answers = [Ambiguous("broken"), RetryLater("busy"), last]
    do_rewording(one.pk)
    move_clock(timedelta(minutes=5))
    do_rewording(one.pk)
    assert "gave no clear answer whether" in told(one)
    move_clock(timedelta(minutes=10))
    do_rewording(one.pk)
    assert "nobody knows which words stand" in told(one)
    assert one.state == "refused"


def test_kinds_that_cannot_be_changed_there_have_no_button(
    live: Delivery, world: World, channel: Channel, door: Door
) -> None:
    slug, kind = next(
        (slug, kind.key)
        for slug, c in registry.connectors().items()
        for kind in c.manifest.kinds
        if c.can("editing") and not c.edits(kind.key)
    )
    assert can_reword(live)
    Account.objects.filter(pk=live.account_id).update(channel=slug)
    Delivery.objects.filter(pk=live.pk).update(publish_kind=kind)
    live = Delivery.objects.get(pk=live.pk)
    assert not can_reword(live)
    with pytest.raises(Refusal, match="cannot be changed from here"):
        ask(world.editor, live)
    assert (
        f"/deliveries/{live.pk}/words/"
        not in door(world.editor).get(f"/deliveries/{live.pk}/").content.decode()
    )


def test_what_a_connector_edits_is_a_kind_of_its_own() -> None:
    named = {
        slug: c.editing.EDITS for slug, c in registry.connectors().items() if hasattr(c.editing, "EDITS")
    }
    assert named
    for slug, kinds in named.items():
        manifest = registry.get(slug).manifest
        assert {kind for kind in kinds if manifest.kind(kind).key == kind} == set(kinds)
        assert {kind.key for kind in manifest.kinds} & kinds
