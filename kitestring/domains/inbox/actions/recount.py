"""Works out anew whether somebody is answered, after an answer of ours ended or is wanted again."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kitestring.domains.inbox.actions.take_in import refresh
from kitestring.domains.inbox.queries import conversation_of


@transaction.atomic
def recount(conversation_id: UUID) -> None:
    """Any number of times: the ledger's rows say what stands, not how often it was told."""
    refresh(conversation_of(conversation_id))
