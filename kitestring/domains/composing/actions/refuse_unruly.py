"""Stops what a rule of a channel or country forbids, and nobody has claimed an exemption from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.queries.ruled import frozen_claims, hits_on, lacks
from kitestring.kit.refusals import Refusal
from kitestring.rulepacks import Hit
from kitestring.ui.marks import account_name


def refuse_unruly(account: Account, frozen: Mapping[str, Any]) -> None:
    """Raise Refusal for the first error that the rules find in what a revision froze for the account."""
    for hit in hits_on(account, account.brand.sells_in, frozen, frozen_claims(frozen)):
        if hit.severity != "error":
            continue
        raise refusal_of(account, hit, _("Change the words in the composer, or claim an exemption there."))


def refusal_of(account: Account, hit: Hit, cure: str) -> Refusal:
    """What the rule says, by which law, and what to do: `cure`, or what a claimed exemption lacks."""
    language = get_language() or "en"
    told = _("%(account)s: %(problem)s (%(law)s). %(cure)s") % {
        "account": account_name(account),
        "problem": hit.title.in_(language),
        "law": hit.law.in_(language),
        "cure": lacks(hit.standing) or cure,
    }
    return Refusal(told, field=hit.field, reason="rule")
