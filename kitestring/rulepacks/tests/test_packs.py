"""Every rule is tried on the samples that stand beside it."""

from __future__ import annotations

import re

import pytest
import regex
from pydantic import ValidationError

from kitestring.rulepacks import Hit, lint, rules
from kitestring.rulepacks.folding import canonical, simplified
from kitestring.rulepacks.model import Rule, Sample
from kitestring.rulepacks.packs import packs, reach

ALL = list(rules().values())
LANGUAGES = ("en", "zh-hans", "vi")


def found(rule: Rule, sample: Sample) -> list[Hit]:
    """What the rule alone says of the sample, tried where the rule holds."""
    where = rule.where
    account = {"account.type": where.account_types[0]} if where.account_types else {}
    campaign = {"campaign.kind": where.campaigns[0]} if where.campaigns else {}
    hits = lint(
        sample.text,
        said=where.said[0],
        channels=where.channels,
        countries=[reach().groups.get(code, (code,))[0] for code in where.countries],
        languages=where.languages,
        facts={**account, **campaign, **sample.facts},
    )
    return [hit for hit in hits if hit.rule == rule.id]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_each_rule_hits_and_misses_its_samples(rule: Rule) -> None:
    for sample in rule.hits:
        hits = found(rule, sample)
        assert hits, f"{rule.id} does not hit {sample}"
        words = [hit.words for hit in hits]
        wanted = [sample.words] if isinstance(sample.words, str) else sample.words
        assert {canonical(one) for one in wanted} <= set(words), f"{rule.id} found {words} in {sample}"
        assert all(sample.text[hit.start : hit.end] == hit.matched for hit in hits)
        assert {hit.severity for hit in hits} == {sample.severity or rule.severity}, sample
    for sample in rule.misses:
        assert found(rule, sample) == [], f"{rule.id} hits {sample}"


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_each_rule_is_silent_where_it_does_not_hold(rule: Rule) -> None:
    assert rule.where.countries or rule.where.channels, "a rule says where it holds"
    for sample in rule.hits:
        elsewhere = lint(sample.text, channels=["nowhere"], countries=["ZZ"], facts=sample.facts)
        assert [hit for hit in elsewhere if hit.rule == rule.id] == []


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_each_rule_speaks_three_languages(rule: Rule) -> None:
    texts = [rule.title, rule.why, rule.law, *(one.label for one in (*rule.exemptions, *rule.wants))]
    for text in texts:
        said = [text.in_(language) for language in LANGUAGES]
        assert len(set(said)) == 3, said
        assert len({frozenset(re.findall(r"\{\w+\}", one)) for one in said}) == 1, (
            f"other placeholders: {said}"
        )
        assert not regex.search(r"\p{Han} (?!→)|(?<!→) \p{Han}|\p{Han}[,;:!?(]", said[1]), said[1]


def test_the_placeholders_are_those_that_are_filled() -> None:
    for rule in ALL:
        for text in (rule.title, rule.why):
            assert set(re.findall(r"\{(\w+)\}", text.en)) <= {"words", "missing", "count", "limit"}


def test_the_known_traps_are_covered() -> None:
    groups = {"cn-abs", "cn-soft", "cn-draw", "cn-endorse", "cn-file", "cn-tob", "cn-ai", "wx-share", "wx-follow",
              "wx-test", "wx-group", "xhs", "dy-watermark", "wb", "vn-best", "vn-ad", "us-ad", "uk-ad", "eu-ad",
              "x-unasked", "ig-hashtags", "threads-tags"}  # fmt: skip
    assert not {group for group in groups if not any(rule.id.startswith(group) for rule in ALL)}


def test_no_letter_of_the_map_is_for_nothing_and_none_maps_to_a_traditional_one() -> None:
    words = {
        letter
        for rule in ALL
        for text in (
            *(w for one in rule.words for w in (*one.words, *one.unless, *one.then)),
            *(rule.label.words if rule.label else ()),
            *(shape.pattern for shape in rule.shapes),
            *(
                p
                for a in (*rule.around, *(a for w in rule.words for a in w.around))
                for p in (a.before, a.after)
            ),
        )
        for letter in text
    }
    pairs = {chr(old): chr(new) for old, new in simplified().items()}
    assert {new for new in pairs.values() if new not in words} == set()
    assert {letter for letter in words if letter in pairs} == set(), "rules are written in simplified letters"
    assert pairs["國"] == "国"


def test_every_exemption_and_pack_is_named_once() -> None:
    for rule in ALL:
        ids = [one.id for one in rule.exemptions]
        assert len(ids) == len(set(ids))
        for one in rule.exemptions:
            assert one.evidence or not (one.valid_days or one.shown), (
                f"{rule.id}: only a document runs out or is shown"
            )
    assert len(packs()) >= 5


RULE = {
    "id": "r", "severity": "error", "source": "the law", "checked_on": "2026-11-21",
    "title": {"en": "a", "zh-hans": "b", "vi": "c"},
    "why": {"en": "a", "zh-hans": "b", "vi": "c"},
    "law": {"en": "a", "zh-hans": "b", "vi": "c"},
    "words": [{"words": ["x"]}], "hits": ["x"], "misses": ["y"],
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"hits": []}, {"misses": []}, {"words": []}, {"source": None}, {"severity": "fatal"}, {"extra": 1},
     {"words": [{"words": ["x"], "around": [{}]}]}, {"words": [{"words": ["x"], "around": [{"after": "("}]}]},
     {"stricter": {"when": [], "severity": "error"}}, {"when": [{"fact": "a"}]},
     {"when": [{"fact": "a", "over": 1, "under": 2}]}],
)  # fmt: skip
def test_a_rule_that_is_not_whole_is_refused(change: dict[str, object]) -> None:
    assert Rule.model_validate(RULE).id == "r"
    with pytest.raises(ValidationError):
        Rule.model_validate({**RULE, **change})
