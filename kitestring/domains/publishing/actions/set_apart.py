"""Says how far from any other post of an account lies what comes round there by itself."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.channels import queries as channels
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions.make_ahead import make_for
from kitestring.domains.publishing.queries.stock import rotation_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal

MOST: Final = 24 * 60  # minutes


@transaction.atomic
def set_apart(member: Member, account_id: UUID, minutes: int) -> Account:
    """From now on, for recurring and evergreen posts; what a person plans goes out at its hour. 0: no distance. The slots
    of the account follow at once: one that lies too near takes nothing, one that no longer does takes again.

    Raises Refusal beside the field.
    """
    require(member, "series.change")
    if not 0 <= minutes <= MOST:
        raise Refusal(
            _("Between 0 and %(n)s minutes. Nothing was changed.") % {"n": MOST},
            reason="too_far",
            field="minutes_apart",
        )
    # The slots first, as whoever fills them holds them: the account's lock comes after.
    series = rotation_of(member, channels.account(member, account_id), lock=True)
    account = channels.account(member, account_id, hold=True)
    before = account.apart // 60
    if before != minutes:
        account.apart = minutes * 60
        account.save(update_fields=["apart"])
        told = {"minutes_apart": minutes}
        if series is not None:
            make_for(series.pk)
        record(member, "series.apart", account, before={"minutes_apart": before}, after=told)
    return account
