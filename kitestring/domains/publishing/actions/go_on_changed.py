"""Goes on with a sequence of which some is out, with the words of the rest as the post has them now."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.channels.queries import manifest_for
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.midway import go_on
from kitestring.domains.publishing.actions.refuse_unfit import refuse_unfit_parts
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import held_still
from kitestring.domains.publishing.rules.frozen import frozen_for
from kitestring.domains.publishing.rules.sequence import parts_of
from kitestring.domains.publishing.rules.words import so_many_out, too_late
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Conflict, Refusal


@transaction.atomic
def go_on_changed(member: Member, delivery: Delivery) -> Delivery:
    """What is out keeps its words; of the post as it stands now only what comes after as many parts is sent.

    Raises Refusal where nothing comes after them, or a part does not fit the channel.
    """
    require(member, "delivery.settle")
    if delivery.doubt_since is not None or delivery.revision is None:
        raise Conflict(
            _("Nobody knows whether its next part is out: look, and say so first. Nothing was changed.")
        )
    post = post_for(member, delivery.revision.post_id, lock=True)
    still = held_still(member, delivery.pk, (DeliveryState.NEEDS_ATTENTION,))
    delivery.refresh_from_db()
    if not still or not delivery.part:
        raise Conflict(too_late(delivery.state))
    revision = freeze(post, member)
    newest = parts_of(frozen_for(revision.content, delivery.account_id) or {})
    rest = list(newest[delivery.part :])
    if not rest:
        raise Refusal(
            _("%(out)s The post as it stands now has no part after them. Nothing was changed.")
            % {"out": so_many_out(delivery.part, len(parts_of(delivery.payload)))},
            reason="no_rest",
        )
    manifest = manifest_for(delivery.account)
    refuse_unfit_parts(delivery.account, manifest, rest, delivery.part + 1)
    parts = [*parts_of(delivery.payload)[: delivery.part], *rest]
    payload = {**delivery.payload, "parts": parts}
    return go_on(member, delivery, revision=revision, payload=payload)
