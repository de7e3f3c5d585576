"""A person looked where the channel cannot be asked and said that it is not there: then the next try begins anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.db import connection, transaction

from kitestring.connectorkit.contract import Outgoing
from kitestring.domains.publishing.actions.claim import Claimed
from kitestring.domains.publishing.actions.uploads import kept_uploads
from kitestring.domains.publishing.queries.attempts import said_absent

# What the handle stands for is not there, so it says nothing of the try that begins now.
FORGET: Final = """
UPDATE publishing_delivery SET handle = '' WHERE id = %(id)s AND owner = %(me)s AND state = 'sending' RETURNING id"""

# A channel of two steps may know by an upload what it published.
FORGET_FILES: Final = "DELETE FROM publishing_upload WHERE delivery_id = %(id)s"


@transaction.atomic
def begun_anew(claimed: Claimed, duty: Outgoing, safety: str) -> Outgoing | None:
    """The duty without what earlier tries left; None where no person's word stands, or it is not ours any more.

    The key stays, and with it the channel's own safety from doubles. Committed before anything leaves.
    """
    me = said_absent(claimed.id, claimed.part, claimed.attempt)
    if me is None:
        return None
    if not duty.handle:
        return duty
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"id": claimed.id, "me": me})
        if cursor.fetchone() is None:
            return None
        if safety == "two_step":
            cursor.execute(FORGET_FILES, {"id": claimed.id})
    return replace(duty, handle="", uploads=kept_uploads(claimed.id))
