"""Tells what the rules say of a post: each hit with its place, its reason, its source and what can be done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kitestring.kit.clock import now
from kitestring.rulepacks.claims import Claim, Claims, Standing, standing
from kitestring.rulepacks.facts import Facts, hold, missing
from kitestring.rulepacks.folding import ENDS, Folded, canonical
from kitestring.rulepacks.model import Exemption, Rule, Said, Severity, Text, Wanted
from kitestring.rulepacks.packs import holding, rules
from kitestring.rulepacks.reading import Place, Reader, read
from kitestring.rulepacks.surroundings import SEEN

ORDER: Final = {"error": 0, "warning": 1, "note": 2}
# Of one rule in one text: more than anybody would read, and a hostile text has no end of them.
MOST: Final = 100
SIGNS: Final = " \t\n\r\"'“”‘’«»()[]-–—*•#" + ENDS + ".…"
NO_CLAIMS: Final[Claims] = {}
JOINTS: Final = {"en": ", ", "zh-hans": "、", "vi": ", "}


@dataclass(frozen=True)
class Hit:
    """Something a rule has to say about `text[start:end]` of `field` ("text", "title", "comment"); start = end: of it all.

    `words` is what was found, in canonical form: claims name it. `standing` says how far a claim excuses it; where it was
    accepted, or lacks only its name in the post, `severity` is lowered. `rewrites` may stand there instead; `adds` is a label
    to put at the start. `open_facts`: what is not known and would make the rule stricter if it were so.
    """

    rule: str
    severity: Severity
    field: str
    start: int
    end: int
    matched: str
    words: str
    title: Text
    why: Text
    law: Text
    source: str
    checked_on: date
    verified: bool
    rewrites: tuple[str, ...] = ()
    adds: str = ""
    exemptions: tuple[Exemption, ...] = ()
    claim: Claim | None = None
    standing: Standing = ""
    open_facts: tuple[str, ...] = ()


def lint(
    text: str,
    *,
    said: Said = "post",
    title: str = "",
    comment: str = "",
    channels: Collection[str] = (),
    countries: Collection[str] = (),
    languages: Collection[str] = (),
    facts: Facts | None = None,
    exemptions: Claims = NO_CLAIMS,
    today: date | None = None,
) -> list[Hit]:
    """Every hit, errors first, then by place. `said`: what the text is; `countries`: where it is read (see `packs.audience`);
    `languages`: of the text.

    `title` and `comment` go out beside the text and are read too. Facts that are not given are not judged.
    """
    known = facts or {}
    kinds = (str(known.get("campaign.kind", "")), str(known.get("account.type", "")))
    ids = holding(frozenset(channels), frozenset(countries), frozenset(languages), *kinds, said)
    if not ids:
        return []
    fields = {"text": text, "title": title, "comment": comment}
    reader = Reader({name: Folded(words) for name, words in fields.items() if words or name == "text"})
    found: list[Hit] = []
    whole: str | None = None
    for rule_id, places in read(reader, ids, known):
        rule = rules()[rule_id]
        claimed = any(key[0] == rule_id for key in exemptions)
        if claimed and whole is None:
            whole = "\n".join(canonical(one.original) for one in reader.texts.values())
        for place in places[:MOST]:
            hit = _hit(rule, place, reader, known)
            found.append(_excused(hit, rule, exemptions, whole or "", today) if claimed else hit)
    return sorted(found, key=lambda hit: (ORDER[hit.severity], hit.field != "text", hit.start, hit.rule))


def _hit(rule: Rule, place: Place, reader: Reader, facts: Facts) -> Hit:
    text = reader.texts[place.field].original
    matched, opens = text[place.start : place.end], _opens(text, place.start)
    params = {"words": matched, "count": str(place.count), "limit": str(rule.hashtags_over)}
    lacking, stricter = missing(rule, facts), rule.stricter
    return Hit(
        rule=rule.id,
        severity=stricter.severity if stricter and hold(stricter.when, facts) else rule.severity,
        field=place.field,
        start=place.start,
        end=place.end,
        matched=matched,
        words=canonical(matched),
        title=_filled(rule.title, params, lacking),
        why=_filled(rule.why, params, lacking),
        law=rule.law,
        source=rule.source,
        checked_on=rule.checked_on,
        verified=rule.verified,
        rewrites=tuple(_rewritten(one, matched, opens=opens) for one in place.rewrites),
        adds=rule.label.add if rule.label else "",
        exemptions=rule.exemptions,
        open_facts=tuple(one.fact for one in stricter.when if one.fact not in facts) if stricter else (),
    )


def _opens(text: str, start: int) -> bool:
    """Whether a sentence begins there: only signs and blanks go before, among them the end of the last one."""
    before = text[max(0, start - SEEN) : start]
    signs = before[len(before.rstrip(SIGNS)) :]
    return len(signs) == start or not set(signs).isdisjoint(ENDS + ".…")


def _rewritten(rewrite: str, matched: str, *, opens: bool) -> str:
    """The rewrite in the case of what it stands for: capital letters all over, or one where a sentence `opens`."""
    first = matched.split(" ", 1)[0].lower()
    text = rewrite.replace("{rest}", matched[1:].lstrip()).replace("{first}", first)
    if matched.isupper() and len(matched) > 1 and matched.replace(" ", "").isalpha():
        return text.upper()
    return text[:1].upper() + text[1:] if opens and matched[:1].isupper() else text


def _filled(text: Text, params: dict[str, str], lacking: Sequence[Wanted]) -> Text:
    """The text with what was found; where it has no place for it, as it is."""
    if "{" not in text.en:
        return text
    said = {}
    for language, joint in JOINTS.items():
        names = joint.join(one.label.in_(language) for one in lacking)
        said[language] = text.in_(language).format_map({**params, "missing": names})
    return Text.model_validate(said)


def _excused(hit: Hit, rule: Rule, claims: Claims, text: str, today: date | None) -> Hit:
    claim = claims.get((rule.id, hit.words))
    stands = standing(rule, claim, text, today or now().date())
    lowered: dict[Standing, Severity] = {"accepted": "note", "not_shown": "warning"}
    return replace(hit, claim=claim, standing=stands, severity=lowered.get(stands, hit.severity))
