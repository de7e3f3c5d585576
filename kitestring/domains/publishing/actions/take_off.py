"""Takes an account off a post: what has not left for it is cancelled in the same breath, what may be out there stays.

Pages and programs take accounts off through here; `remove_variant` alone knows nothing of deliveries.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.composing.actions.add_variant import remove_variant
from kitestring.domains.composing.queries import post_for, variant_for
from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.midway import refuse_midway
from kitestring.domains.publishing.actions.unmake import unmake
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import by_hand, held_still, standing_duty
from kitestring.domains.publishing.queries.series import hold_series, series_with
from kitestring.domains.publishing.rules.words import too_late
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Conflict
from kitestring.ui.marks import account_name

UNSENT: Final = (
    DeliveryState.SCHEDULED,
    DeliveryState.HELD,
    DeliveryState.NEEDS_ATTENTION,
    DeliveryState.FAILED,
)
STAYS: Final = (DeliveryState.PUBLISHED,)


@transaction.atomic
def take_off(member: Member, variant_id: UUID) -> Delivery | None:
    """Gives back the delivery that was cancelled with it, if there was one.

    Raises Conflict, with nothing changed, while nobody knows whether it is out: being sent, processed, unknown, on
    somebody's phone.
    """
    require(member, "post.write")
    variant = variant_for(member, variant_id)
    # Before the post, as whoever fills or changes them: each would wait for what the other has.
    hold_series(one.pk for one in series_with(variant.post, variant.account))
    post = post_for(member, variant.post_id, lock=True)
    standing = standing_duty(member, post.pk, variant.account_id)
    cancelled = None
    if standing is not None and standing.state not in STAYS:
        cancelled = _cancelled(member, standing)
    for series in series_with(post, variant.account):
        unmake(series, "account_taken_off", account=variant.account_id)
    remove_variant(member, variant_id)
    return cancelled


def _cancelled(member: Member, delivery: Delivery) -> Delivery:
    still = held_still(member, delivery.pk, UNSENT)
    delivery.refresh_from_db()
    refuse_midway(delivery)
    if not still or delivery.doubt_since is not None or by_hand(delivery):
        name = account_name(delivery.account)
        told = _doubted() if still else too_late(delivery.state)
        raise Conflict(
            _("%(account)s stays on the post. %(told)s") % {"account": name, "told": told}, field="accounts"
        )
    why: dict[str, Any] = {**CLEAN, "reason": "account_taken_off"}
    return change(member, delivery, UNSENT, "delivery.cancel", state=DeliveryState.CANCELLED, **why)


def _doubted() -> str:
    return _("Nobody knows whether it went out there: look, and say so on the delivery’s page first.")
