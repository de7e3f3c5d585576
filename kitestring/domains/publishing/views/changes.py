"""What changed at the channels and in the rules since an upgrade, and at accounts by hand; which scheduled posts that hits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.channels.models import Account, FactChange
from kitestring.domains.channels.queries import account, any_accounts, fact_changes
from kitestring.domains.channels.rules import fact_words, file_type, limit_names
from kitestring.domains.publishing.queries.facts_hit import struck_by
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.domains.workspaces.queries import changes_since
from kitestring.kit.clock import now
from kitestring.rulepacks import rules
from kitestring.rulepacks.packs import packs
from kitestring.ui.numbers import number, size

SHOWN: Final = timedelta(days=90)
RULES: Final = "rules:"
PLACE: Final = re.compile(r"\{\w+\}")  # what a rule found, in its title
BY_HAND: Final = "account.limit"
MOST: Final = 100


@members_only("post.read")
@require_GET
def changes(request: MemberRequest) -> HttpResponse:
    """Ninety days of changes, and everything scheduled on the channels they are of, held against what is known now."""
    member, language = request.member, request.member.language
    found = fact_changes(member, now() - SHOWN)
    channels = {one.what.partition(":")[2] for one in found if one.what.startswith("channel:")}
    of_rules = any(one.what.startswith(RULES) for one in found)
    entries = list(changes_since(member, [BY_HAND], now() - SHOWN)[:MOST])
    accounts = {one.subject_id for one in entries}
    page = {
        "groups": list(_groups(found, language)),
        "by_hand": list(_by_hand(member, entries)),
        "struck": struck_by(member, None if of_rules else channels, language, accounts)
        if found or entries
        else None,
    }
    return render(request, "publishing/changes.html", page)


@members_only("post.read")
@require_GET
def unfit_on(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """A fragment for the account's limits: what is scheduled there and no longer fits."""
    of = account(request.member, account_id)
    page = {"of": of, "struck": struck_by(request.member, (), request.member.language, [of.pk])}
    return render(request, "publishing/unfit_on.html", page)


def _by_hand(member: Member, entries: Sequence[AuditEntry]) -> Iterator[dict[str, Any]]:
    """The limits that people changed, newest first; the figure that held then is told from the record of it."""
    accounts = {one.pk: one for one in any_accounts(member, {one.subject_id for one in entries})}
    for entry in entries:
        of, key = accounts.get(entry.subject_id), str(entry.after.get("limit", ""))
        if of is None:
            continue
        name, own = _names(of, member.language).get(key, (key, None))
        yield {
            "account": of,
            "limit": name,
            "before": _said(key, entry.before.get("value")),
            "after": _said(key, entry.after.get("value", own)),
            "reason": str(entry.after.get("reason", "")),
            "taken_back": "value" not in entry.after,
            "by": entry.member.name if entry.member else _("Somebody who left"),
            "at": entry.at,
        }


def _names(of: Account, language: str) -> dict[str, tuple[str, int]]:
    manifest = _manifest(f"channel:{of.channel}")
    return limit_names(manifest, of.account_type, language) if manifest else {}


def _groups(found: Iterable[FactChange], language: str) -> Iterable[dict[str, Any]]:
    """The changes of one upgrade and channel together, as people read them."""
    groups: dict[tuple[Any, str], list[dict[str, str]]] = {}
    for one in found:
        manifest = _manifest(one.what)
        if one.what.startswith(RULES):
            line = _of_rule(one, language)
        else:
            line = {
                "fact": fact_words(manifest, one.path, language),
                "before": _said(one.path, one.before),
                "after": _said(one.path, one.after),
            }
        groups.setdefault((one.at, one.what), []).append(line)
    for (at, what), lines in groups.items():
        manifest, slug = _manifest(what), what.partition(":")[2]
        pack = packs().get(slug) if what.startswith(RULES) else None
        named = manifest or pack
        name = named.name.in_(language) if named else slug
        yield {"at": at, "name": name, "channel": slug if manifest else "", "lines": lines}


def _of_rule(one: FactChange, language: str) -> dict[str, str]:
    """A rule as people read it: what it says, by which law, and what became of it."""
    rule = rules().get(one.path)
    before, after = (_weight(told) for told in (one.before, one.after))
    other_words = bool(before) and before == after
    return {
        "fact": PLACE.sub("…", rule.title.in_(language)) if rule else one.path,
        "more": rule.law.in_(language) if rule else "",
        "before": before,
        "after": "" if other_words else after,
        "said": _("It looks for other words now, or in other places.") if other_words else "",
    }


def _weight(told: Any) -> str:
    """How heavy a rule is, which stands before the sign of its words; "" of none."""
    words = {"error": _("a problem"), "warning": _("a note"), "note": _("a hint")}
    return words.get(str(told or "").partition(" ")[0], "")


def _manifest(what: str) -> Manifest | None:
    kind, _sign, slug = what.partition(":")
    try:
        return registry.get(slug).manifest if kind == "channel" else None
    except KeyError:
        return None


def _said(path: str, value: Any) -> str:
    """A value as people read it; "" where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return (
            size(int(value))
            if path.endswith((".bytes", "_bytes")) or ".bytes_by_mime." in path
            else number(value)
        )
    if path.endswith(".amount"):  # kept as written: 0.10 is no float
        return number(float(value))
    if path.endswith(".mimes"):
        value = [file_type(one) for one in value]
    return _(", ").join(str(one) for one in value) if isinstance(value, list) else str(value)
