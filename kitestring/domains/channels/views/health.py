"""How an account is: what its channel said of it, how long its grant lasts, which rights it has, what is left of quotas."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.sentences import has_sentence, sentence
from kitestring.domains.channels import rules
from kitestring.domains.channels.actions.subscribe import NOT_PUBLIC, address_row
from kitestring.domains.channels.models import Account, AccountState, Checkup, StoredGrant, Subscription
from kitestring.domains.channels.queries import checkup_of
from kitestring.ui.formats import date_time
from kitestring.ui.numbers import number

MARKS = {"good": True, "warning": None, "bad": False}


def health_of(of: Account, manifest: Manifest, language: str) -> dict[str, Any] | None:
    """What the page shows; None of a channel that is published on by hand, or of an account that is disconnected."""
    if manifest.mode == "hand_off" or of.state == AccountState.DISCONNECTED:
        return None
    kept, grant = checkup_of(of), getattr(of, "grant", None)
    return {
        "at": kept.at if kept else None,
        "findings": _findings(kept, manifest, language),
        "lasts": _lasts(of, grant, manifest),
        "scopes": _scopes(of, kept, grant, manifest, language),
        "left": _left(kept, manifest, language),
        "calls": _calls(of, manifest, language),
    }


def _findings(kept: Checkup | None, manifest: Manifest, language: str) -> list[tuple[str, str]]:
    """(state, sentence), the worst first; what has no sentence is not shown as a code."""
    rows = [row for row in (kept.findings if kept else []) if has_sentence(row["reason"], manifest)]
    rows.sort(key=lambda row: ("bad", "warning", "good").index(row["state"]))
    return [(row["state"], sentence(row["reason"], row["params"], language, manifest)) for row in rows]


def _lasts(of: Account, grant: StoredGrant | None, manifest: Manifest) -> str:
    if grant is None:
        return ""
    if grant.expires_at is None:
        return _("The grant does not end by itself.")
    when = date_time(grant.expires_at, "weekday", of.brand.zone)
    if grant.refused_at is not None or manifest.auth.renewal == "by_hand":
        return _("The grant ends %(when)s and is not renewed.") % {"when": when}
    return _("The grant lasts until %(when)s and is renewed before.") % {"when": when}


def _scopes(
    of: Account, kept: Checkup | None, grant: StoredGrant | None, manifest: Manifest, language: str
) -> list[tuple[str, str, bool]]:
    """(right, what it is for, whether it was given) of what was asked for; nothing where the channel does not tell."""
    told = kept.scopes if kept and kept.scopes is not None else (grant.scopes if grant else [])
    if not told:
        return []
    asked = [scope for scope in manifest.auth.scopes if scope.asked_of(of.account_type)]
    return [(scope.key, scope.why.in_(language), scope.key in told) for scope in asked]


def _calls(of: Account, manifest: Manifest, language: str) -> tuple[str, str] | None:
    """(state, sentence): whether the channel calls us, where its API can be told to; None where it cannot."""
    if registry.get(of.channel).subscribing is None:
        return None
    kept: Subscription | None = getattr(of, "subscription", None)
    hook = address_row(of)
    if kept is not None and (hook is None or kept.at < hook.made_at):
        kept = None  # what was known of an address that is closed, or another one by now
    if kept is not None and kept.since is not None:
        when = date_time(kept.since, "weekday", of.brand.zone)
        return "good", _("Tells us at once when somebody writes: yes, since %(when)s.") % {"when": when}
    if kept is None:
        why = _("It was not told to yet. That is done once an address for its calls is there.")
    elif kept.reason == NOT_PUBLIC:
        why = _(
            "This server has no public https address, so the channel was not asked to. Everything is asked for as before. "
            "Set KITESTRING_URL to such an address, then check again."
        )
    else:
        why = sentence(kept.reason, kept.params, language, manifest)
    return "warning", _("Tells us at once when somebody writes: no. %(why)s") % {"why": why}


def _left(kept: Checkup | None, manifest: Manifest, language: str) -> list[str]:
    found = []
    for quota in manifest.quotas:
        if kept is not None and quota.key in kept.left:
            bound = _(rules.WINDOWS[quota.window]) % {"n": number(quota.limit)}
            given = {"quota": quota.label.in_(language), "bound": bound, "n": number(kept.left[quota.key])}
            found.append(_("%(quota)s (%(bound)s): %(n)s left, as the channel says") % given)
    return found
