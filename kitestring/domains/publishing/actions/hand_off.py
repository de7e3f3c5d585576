"""Publishing finished by a person: take it, prove it with its address, or give it back."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.settle_by_person import publish_by_word, web_address
from kitestring.domains.publishing.actions.write_word import write_word
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

OUT = (DeliveryState.HANDED_OFF,)


def take(member: Member, delivery: Delivery) -> Delivery:
    """Say that it is on this member's phone, so that nobody else publishes it too."""
    require(member, "delivery.settle")
    return change(member, delivery, OUT, "delivery.take", carried_by=member)


@transaction.atomic
def prove(member: Member, delivery: Delivery, url: str) -> Delivery:
    """Done, and here is where. Raises Refusal beside the field when the address does not lie on the channel."""
    require(member, "delivery.settle")
    tidy = web_address(url)
    hosts = proof_hosts(delivery)
    if not on_hosts(tidy, hosts):
        raise Refusal(
            _(
                "That address does not lie on %(hosts)s. Nothing was changed: share the post there and paste its link."
            )
            % {"hosts": ", ".join(hosts)},
            field="url",
        )
    sources = (DeliveryState.HANDED_OFF, DeliveryState.NEEDS_ATTENTION)
    return publish_by_word(member, delivery, sources, "delivery.prove", tidy)


@transaction.atomic
def take_back(member: Member, delivery: Delivery) -> Delivery:
    """Not published by hand after all: back to the calendar, held until somebody gives it another hour."""
    require(member, "delivery.settle")
    back = change(
        member, delivery, OUT, "delivery.take_back", state=DeliveryState.SCHEDULED, **CLEAN, carried_by=None
    )
    write_word(member, back, "scheduled", "taken_back")
    return change(
        member,
        back,
        (DeliveryState.SCHEDULED,),
        "delivery.hold",
        state=DeliveryState.HELD,
        **{**CLEAN, "reason": "held_by_person"},
        tolerance=max(back.tolerance, int((now() - back.due_at).total_seconds()) + 86_400),
    )


def proof_hosts(delivery: Delivery) -> tuple[str, ...]:
    """Where the proof must lie; empty when the channel's connector is gone."""
    try:
        hand_off = registry.get(delivery.account.channel).manifest.hand_off
    except KeyError:
        return ()
    return hand_off.proof_hosts if hand_off else ()


def on_hosts(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether the address lies on one of the hosts, or below one (`*.` and plain names alike)."""
    host = (urlsplit(url).hostname or "").lower()
    return any(host == known or host.endswith(f".{known}") for known in (h.removeprefix("*.") for h in hosts))
