"""Stops what a rule of a channel or country forbids, and nobody has claimed an exemption from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.queries.ruled import frozen_claims, hits_on, lacks
from kitestring.kit.refusals import Refusal
from kitestring.rulepacks import Hit
from kitestring.ui import formats
from kitestring.ui.marks import account_name


def refuse_unruly(account: Account, frozen: Mapping[str, Any]) -> None:
    """Raise Refusal for the first error that the rules find in what a revision froze for the account."""
    refuse_any_unruly([(account, frozen)])


def refuse_any_unruly(carried: Iterable[tuple[Account, Mapping[str, Any]]]) -> None:
    """The same for all that a revision froze, by account: the first error is told, and how many more there are."""
    found = [(account, hit) for account, frozen in carried for hit in _errors(account, frozen)]
    if not found:
        return
    first = refusal_of(*found[0], _("Change the words in the composer, or claim an exemption there."))
    # The same words under the same rule are one thing to mend, on however many accounts.
    rest = len({(hit.rule, hit.words, hit.field) for _account, hit in found}) - 1
    more = ngettext(
        "%(n)s more problem stands in the way: the composer lists it beside its account.",
        "%(n)s more problems stand in the way: the composer lists each beside its account.",
        rest,
    )
    told = formats.sentences(first.message, more % {"n": rest} if rest else "")
    raise Refusal(told, field=first.field, reason=first.reason)


def _errors(account: Account, frozen: Mapping[str, Any]) -> list[Hit]:
    hits = hits_on(account, account.brand.sells_in, frozen, frozen_claims(frozen))
    return [hit for hit in hits if hit.severity == "error"]


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
