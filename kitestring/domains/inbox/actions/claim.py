"""Reads what is claimed against rules with an answer; it is kept with the answer and in the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import regex
from django.utils.translation import gettext as _

from kitestring.domains.composing.actions.claim_exemption import checked_claim
from kitestring.domains.composing.models import Exemption
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Refusal
from kitestring.rulepacks import Hit, rules

WORD: Final = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*")
UNSPACED: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
LEAST_WORDS: Final = 3
LEAST_LETTERS: Final = 8  # of a script that puts no blanks between words


def claimed_with(member: Member, claims: Iterable[Mapping[str, str]]) -> list[Exemption]:
    """Exemptions of no post, never saved: what each of `claims` says (rule, words, ground, reason, evidence, evidence_on).

    One without a ground claims nothing. Raises Refusal with the field that is missing.
    """
    found = []
    for values in claims:
        rule = rules().get(values.get("rule", ""))
        if not values.get("ground") or rule is None:
            continue
        ground = rule.exemption(values["ground"])
        if ground is None:
            raise Refusal(_("Choose which exemption it is. Nothing was sent."), field="ground")
        if not ground.evidence and not says_why(values.get("reason", "")):
            raise Refusal(
                _("Say in a sentence why it holds: it is kept on the answer and in the record."),
                field="reason",
            )
        said = checked_claim(rule.id, ground, values)
        words = values.get(
            "words", ""
        )  # not cut: it must be the hit's own; it is kept only where a hit has it
        found.append(Exemption(rule=rule.id, words=words, claimed_by=member, **said))
    return found


def says_why(reason: str) -> bool:
    """Whether somebody who reads it later can make something of it: a few words at least."""
    return len(WORD.findall(reason)) >= LEAST_WORDS or len(UNSPACED.findall(reason)) >= LEAST_LETTERS


def may_claim(member: Member, talk: Conversation) -> bool:
    """Whether this member may take an error of a rule away from an answer. Nobody approves an answer: where the brand wants
    that, only who may approve can."""
    return not talk.brand.needs_approval or may(member, "approval.give")


def refuse_own_exemption(
    member: Member, talk: Conversation, bare: Iterable[Hit], claimed: Iterable[Exemption]
) -> None:
    """`bare`: what the rules say without any claim. Raises Refusal where one of `claimed` is not theirs: see `may_claim`."""
    if may_claim(member, talk):
        return
    errors = {(hit.rule, hit.words) for hit in bare if hit.severity == "error"}
    if any((one.rule, one.words) in errors for one in claimed):
        said = _(
            "Only who may approve can claim an exemption from this rule for an answer. "
            "It was not sent and is still here: change the words, or ask a manager to answer."
        )
        raise Refusal(said, field="text", reason="not_yours_to_claim")
