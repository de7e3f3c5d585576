"""How often a connect link may be gone by: each way counts, refused or not, for as long as it could lead back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kitestring.domains.channels.models import TRIES, ConnectLink
from kitestring.domains.channels.queries import hold_link, open_ways_by
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


def refuse_many(link: ConnectLink, *, hold: bool = False) -> None:
    """Raise Refusal "too_many". `hold`: inside a transaction, where the way that is counted for is written down; two that set
    out at once are counted one after the other."""
    if hold:
        hold_link(link)
    if open_ways_by(link, now()) >= TRIES:
        raise Refusal(
            _("This link was opened too often. Wait twenty minutes, then try again."), reason="too_many"
        )
