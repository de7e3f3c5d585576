"""Law 12: what a rule asks about, the product can tell: a rule that no post and no answer ever meets guards nobody.

The facts are gathered from the code that makes them, on posts and answers where everything is said and where nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.queries.about import BY_KEY, DECLARATIONS, FIELDS
from kitestring.domains.composing.queries.ruled import facts_on
from kitestring.domains.inbox.models import Conversation, Message, Sort
from kitestring.domains.inbox.queries.ruled import SAID, facts_on_answer
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.rules.mechanics import MECHANICS
from kitestring.rulepacks import Rule, rules
from kitestring.rulepacks.facts import hold, missing

DOMAIN = "https://crumb.com"
TEXTS = ("", f"See {DOMAIN}/tea", "See https://elsewhere.example/")


def accounts() -> Iterator[tuple[Account, Manifest]]:
    """One of every type of every channel, with and without a domain of its own."""
    brand = Brand(name="Crumb")
    for slug, connector in registry.connectors().items():
        manifest = connector.manifest
        for kind in {"", *(one.key for one in manifest.account_types)}:
            for settings in ({}, {"own_domains": "crumb.com"}):
                account = Account(brand=brand, channel=slug, account_type=kind, settings=settings)
                yield account, manifest


def abouts() -> Iterator[dict[str, str]]:
    """What a writer may have declared: nothing; each thing with all left empty; with all said; numbers small and large."""
    yield {}
    for given in ("", "0", "2", "1000000000"):
        yes = dict.fromkeys(BY_KEY, "yes")
        yield yes | {
            key: "yes" if one.kind == "toggle" and given == "2" else given for key, one in FIELDS.items()
        }


def campaigns() -> Iterator[dict[str, Any]]:
    for kind in ("", *MECHANICS):
        for gate in (False, True):
            yield dict(Campaign(kind=kind, share_gate=gate, follow_gate=gate).mechanics)


def posts() -> Iterator[tuple[str, dict[str, object]]]:
    """(channel, facts) of posts."""
    for account, manifest in accounts():
        kind = manifest.kinds[0].key
        switches = {one.key: "yes" for one in manifest.kinds[0].options if one.kind == "toggle"}
        for text in TEXTS:
            said = {"kind": kind, "text": text}
            yield account.channel, facts_on(account, manifest, said | {"options": switches})
            for about in abouts() if not account.settings else ():
                yield account.channel, facts_on(account, manifest, said | {"about": about})
        for campaign in campaigns():
            yield account.channel, facts_on(account, manifest, {"kind": kind, "campaign": campaign})


def answers(said: str) -> Iterator[tuple[str, dict[str, object]]]:
    for account, _manifest in accounts():
        for sort in (sort for sort in Sort.values if SAID.get(sort, "reply") == said):
            talk = Conversation(account=account, sort=sort)
            for text in TEXTS:
                for can in (True, False):
                    yield account.channel, facts_on_answer(talk, Message(can_reply=can), text)


@cache
def told(said: str) -> list[tuple[str, dict[str, object]]]:
    return list(posts() if said == "post" else answers(said))


def met(rule: Rule, given: list[tuple[str, dict[str, object]]]) -> bool:
    """Whether some text with these facts is one that the rule speaks of."""
    where = rule.where
    return any(
        (not where.channels or channel in where.channels)
        and (not where.campaigns or facts.get("campaign.kind") in where.campaigns)
        and (not where.account_types or facts.get("account.type") in where.account_types)
        and hold(rule.when, facts)
        and len(missing(rule, facts)) == len(rule.wants)
        for channel, facts in given
    )


@pytest.mark.parametrize("rule", list(rules().values()), ids=lambda rule: rule.id)
def test_what_a_rule_asks_about_can_be_told(rule: Rule) -> None:
    for said in rule.where.said:
        known = {fact for _channel, facts in told(said) for fact in facts}
        assert set(rule.facts) <= known, f"no {said} ever has {sorted(set(rule.facts) - known)}"
        assert met(rule, told(said)), f"no {said} of the product can meet {rule.id}"
    if rule.stricter:
        given = [facts for said in rule.where.said for _channel, facts in told(said)]
        assert any(hold(rule.stricter.when, facts) for facts in given), f"nothing makes {rule.id} stricter"


def test_a_rule_that_nobody_feeds_is_noticed() -> None:
    given = next(one for one in rules().values() if one.when).model_dump(by_alias=True)
    unfed = Rule.model_validate({**given, "when": [{"fact": "moon.full", "is": True}]})
    assert not met(unfed, told("post"))
    never = Rule.model_validate({**given, "when": [{"fact": "draw.top_prize", "over": 10**12}]})
    assert not met(never, told("post"))


def test_what_is_asked_of_a_writer_is_asked_by_a_rule() -> None:
    asked = {fact for rule in rules().values() for fact in rule.facts}
    assert {one.fact for one in DECLARATIONS if one.fact} | {one.fact for one in FIELDS.values()} <= asked
