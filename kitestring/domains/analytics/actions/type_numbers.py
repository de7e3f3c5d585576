"""Numbers that a person read in the app, where the channel gives them to no program: kept with who typed them and when."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.analytics.models import Sample
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


def typed_metrics(delivery: Delivery) -> tuple[str, ...]:
    """Which numbers a person may type: those the channel states that it gives to no program. None where it is read by one."""
    try:
        connector = registry.get(delivery.account.channel)
    except KeyError:
        return ()
    if connector.can("metrics"):
        return ()
    return tuple(one.key for one in connector.manifest.missing)


@transaction.atomic
def type_numbers(member: Member, delivery: Delivery, values: Mapping[str, float]) -> int:
    """Keep the numbers as they stand now; returns how many. Earlier ones stay: a wrong one is typed again, and the newest counts.

    Raises Refusal when nothing was typed, and for a post that is not live or a number the channel gives itself.
    """
    require(member, "results.type")
    allowed = typed_metrics(delivery)
    if delivery.state != DeliveryState.PUBLISHED or not set(values) <= set(allowed):
        raise Refusal(_("These numbers are not typed by hand here. Nothing was changed."))
    if not values:
        raise Refusal(_("Type at least one number."), field=allowed[0] if allowed else "")
    moment = now()
    Sample.add_all(
        [
            Sample(
                delivery=delivery,
                metric=key,
                value=value,
                field="",
                at=moment,
                read_at=moment,
                typed_by=member,
            )
            for key, value in values.items()
        ]
    )
    record(member, "results.type", delivery, after=dict(values))
    return len(values)
