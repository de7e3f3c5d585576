"""Asks a channel which messages of a fixed form an account may send."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.templates import Template
from kitestring.domains.channels.actions._asking import asked, refuse_unconnected
from kitestring.domains.channels.queries import account
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal


def templates_of(member: Member, account_id: UUID) -> Sequence[Template]:
    """As they are there now. Raises Refusal, worded."""
    require(member, "inbox.reply")
    found = account(member, account_id)
    try:
        templates = registry.get(found.channel).templates
    except KeyError:
        templates = None
    if templates is None:
        raise Refusal(_("This channel has no templates."), reason="not_found")
    refuse_unconnected(found)
    return asked(found, member.language, templates.listed)
