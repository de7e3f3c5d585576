"""Notices what an upgrade changed of channels' facts and of rules, and writes it down for the page that shows whom it hits."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.flat import changes, flat
from kitestring.domains.channels.models import FactChange, KnownFacts
from kitestring.domains.channels.queries import facts_known
from kitestring.kit.clock import now
from kitestring.rulepacks.model import Pack
from kitestring.rulepacks.packs import packs

CHANNEL, RULES = "channel:", "rules:"


def facts_now() -> dict[str, dict[str, Any]]:
    """Every channel's facts and every pack's rules, by what they are of."""
    found = {CHANNEL + slug: flat(one.manifest) for slug, one in registry.connectors().items()}
    return found | {RULES + name: _told(pack) for name, pack in packs().items()}


def _told(pack: Pack) -> dict[str, Any]:
    """Each rule with how severe it is; a rule that looks for something else now has another sign behind."""
    told = {}
    for rule in pack.rules:
        kept = rule.model_dump(
            mode="json", exclude={"why", "source", "checked_on", "verified", "hits", "misses"}
        )
        sign = sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:6]
        told[rule.id] = f"{rule.severity} ({sign})"
    return told


@transaction.atomic
def notice_changes() -> int:
    """Write down what is not as it was; returns how many facts. What is met for the first time has not changed."""
    known, at = facts_known(hold=True), now()
    found = []
    for what, facts in facts_now().items():
        before = known.get(what)
        if before is not None and before.facts != facts:
            told = changes(before.facts, facts)
            found += [
                FactChange(what=what, path=p[:200], before=old, after=new, at=at) for p, old, new in told
            ]
        if before is None or before.facts != facts:
            KnownFacts(what=what, facts=facts, at=at).save()
    FactChange.written(found)
    return len(found)
