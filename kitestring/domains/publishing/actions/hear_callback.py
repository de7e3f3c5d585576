"""A channel called: what it may be about is asked about now instead of at its next hour. Nothing else comes of a callback.

By which name does not matter to the ledger: whatever the channel said, the same question is asked, by the same pass, with the
same consequences. So a callback that is forged, replayed, late or out of order makes at most one question come early.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.connectorkit import registry
from kitestring.domains.channels.queries import account_at_work
from kitestring.domains.publishing.actions.tell import wake_asking
from kitestring.domains.publishing.models import DeliveryState
from kitestring.domains.publishing.queries.deliveries import open_on
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue

AGAIN: Final = 3  # how often a callback that came before our own commit is looked at again
APART: Final = timedelta(seconds=4)
REST: Final = 5.0  # seconds between two questions about one delivery, however many callbacks come

# What the channel asked us to wait for is waited for: only where its last answer was "still at it", or where nobody has looked
# since the doubt began, or looked too early, is there anything to hurry. Where the next question is what publishes
# (`handed_over` False), no callback can know of it.
HURRY: Final = """
UPDATE publishing_delivery d SET not_before = GREATEST(ks_now(), asked.last + make_interval(secs => %(rest)s))
FROM (
    SELECT o.id, coalesce(max(t.started_at), ks_now() - make_interval(secs => %(rest)s)) AS last,
        coalesce(bool_or(t.step = 'look_up' AND t.started_at >= o.doubt_since), false) AS looked
    FROM publishing_delivery o
    LEFT JOIN publishing_attempt t ON t.delivery_id = o.id AND t.step IN ('look_up', 'follow')
    WHERE o.id = ANY(%(ids)s) GROUP BY o.id
) asked
WHERE d.id = asked.id AND (d.lease_until IS NULL OR d.lease_until < ks_now())
  AND d.not_before > GREATEST(ks_now(), asked.last + make_interval(secs => %(rest)s))
  AND (d.state = 'processing' AND d.handed_over AND d.reason = ''
    OR d.state = 'unknown' AND (d.reason = 'too_early' OR NOT asked.looked))
RETURNING extract(epoch FROM d.not_before - ks_now())::float8"""


@transaction.atomic
def hear_callback(account_id: UUID, about: Sequence[str], again: int = AGAIN) -> int:
    """Ask now about what a callback to this account may be about; gives back how many are asked about earlier.

    One that names nothing we know may have come before we wrote down what the channel gave us: while something of the
    account is in somebody's hands, it is looked at again in a few seconds.
    """
    account = account_at_work(account_id)
    connector = registry.connectors().get(account.channel) if account else None
    hooks = (connector.hooks or connector.app_hooks) if connector else None
    if hooks is None:
        return 0
    named, nameless, in_hand = set(), set(), set()
    for one in open_on(account_id):
        names = hooks.names(one.handle)
        if any(name in about for name in names):
            named.add(one.pk)
        elif not names and one.state == DeliveryState.UNKNOWN:
            # In doubt since before the channel had a name for it: nobody can say that the callback means another.
            nameless.add(one.pk)
        if one.lease_until is not None and one.lease_until > now():
            in_hand.add(one.pk)
    waits = _hurried([*named, *nameless])
    if waits:
        wake_asking(waits)
    if again > 0 and in_hand and (not named or named & in_hand):
        told: dict[str, Any] = {"account_id": str(account_id), "about": list(about), "again": again - 1}
        enqueue("publishing.heard", at=now() + APART, **told)
    return len(waits)


def _hurried(ids: Sequence[UUID]) -> list[float]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(HURRY, {"ids": list(ids), "rest": REST})
        return [row[0] for row in cursor.fetchall()]
