"""A rule as data: where it holds, what it looks for, why, where that was read, and samples that it must and must not hit."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Severity = Literal["error", "warning", "note"]
# What a text is: a post, a public answer to somebody, a private one.
Said = Literal["post", "reply", "message"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """A text a person reads, in the three languages of the house."""

    en: str
    zh_hans: Annotated[str, Field(alias="zh-hans")]
    vi: str

    def in_(self, language: str) -> str:
        """The text in `language` ("zh-hans", "vi"; anything else: English)."""
        return {"zh-hans": self.zh_hans, "vi": self.vi}.get(language.lower(), self.en)


class Where(Part):
    """Where a rule holds. An empty list says nothing; of those that say something all must agree.

    `countries`: ISO 3166 codes or a group of `reach.toml`. `languages`: of the text ("zh", "vi", "en"). `channels`: slugs.
    `campaigns` and `account_types` are held against the facts `campaign.kind` and `account.type`. `said`: of which texts it
    speaks; of posts alone where a rule does not say so.
    """

    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    account_types: tuple[str, ...] = ()
    said: Annotated[tuple[Said, ...], Field(min_length=1)] = ("post",)


class Condition(Part):
    """One fact that must be known and be so. Exactly one of the comparisons is given."""

    fact: str
    is_: Annotated[bool | str | None, Field(alias="is")] = None
    over: float | None = None
    under: float | None = None

    @model_validator(mode="after")
    def _one(self) -> Condition:
        if sum(value is not None for value in (self.is_, self.over, self.under)) != 1:
            raise ValueError(f"the condition on {self.fact!r} needs exactly one of is, over, under")
        return self


class Wanted(Part):
    """A fact that must not be empty; `label` is its name for a person."""

    fact: str
    label: Text


class Around(Part):
    """What stands right before or after words and makes them harmless; of two that are given both must.

    Regular expressions over the folded text, for what no list can name: a number, a negation a few letters before. They see
    so many letters of it as `surroundings.SEEN` says. Written with all Vietnamese marks; around words that were found without
    marks they are read without them.
    """

    before: str = ""
    after: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Around:
        if not (self.before or self.after):
            raise ValueError("what stands around words needs a before or an after")
        for pattern in (self.before, self.after):
            try:
                re.compile(pattern)
            except re.error as wrong:
                raise ValueError(f"{pattern!r} is no regular expression: {wrong}") from wrong
        return self


class Words(Part):
    """Words to find. `unless`: longer phrases around them in which they are harmless; `around`: surroundings that do so.

    `marked`: Vietnamese only as spelled here, not without its marks, where these could be too many other words.

    With `then`, one of those must follow within `within` letters of the same sentence (`across`: of any; `either_order`:
    or go before). `rewrites` may take the place of what was found: "" takes it out, "{rest}" is what was found but its
    first letter, "{first}" its first word.
    """

    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    around: tuple[Around, ...] = ()
    marked: bool = False
    then: tuple[str, ...] = ()
    within: int = 0
    either_order: bool = False
    across: bool = False
    rewrites: tuple[str, ...] = ()


class Shape(Part):
    """A regular expression over the folded text (see `folding`), for what no list of words can name: numbers, handles."""

    pattern: str
    rewrites: tuple[str, ...] = ()


class Label(Part):
    """A label the text must carry, one of `words`, at `place`: in the first letters, before "more", or anywhere.

    `alone`: not in a heap of three or more hashtags. Letters before "more" are the fact `fold`; where that is unknown,
    the place is not judged.
    """

    words: tuple[str, ...]
    place: Literal["start", "fold", "anywhere"] = "anywhere"
    alone: bool = False
    add: str = ""


class Exemption(Part):
    """A ground on which the rule does not hold. `evidence`: a document must be named; it is good for `valid_days`.

    `shown`: its name must stand in the post.
    """

    id: str
    label: Text
    evidence: bool = False
    valid_days: int | None = None
    shown: bool = False


class Stricter(Part):
    """The severity where `when` is known to be so: of what is declared an advertisement more is forbidden."""

    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    severity: Severity


class Sample(Part):
    """A post the rule is tried on. `words`: all that it must find there; none = anything.

    `severity`: how hard it judges, where that is not the rule's own.
    """

    text: str = ""
    words: str | tuple[str, ...] = ()
    severity: Severity | None = None
    facts: dict[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value


class Rule(Part):
    """One rule. `title` says what is wrong in a line, `why` what it is about and what to do, `law` where it stands.

    `around` holds for all its words.

    In `title` and `why` {words} is what was found, {missing} what is wanted, {count} and {limit} hashtags.
    """

    id: str
    severity: Severity
    title: Text
    why: Text
    law: Text
    source: str
    checked_on: date
    verified: bool = True
    where: Where = Where()
    when: tuple[Condition, ...] = ()
    wants: tuple[Wanted, ...] = ()
    stricter: Stricter | None = None
    words: tuple[Words, ...] = ()
    around: tuple[Around, ...] = ()
    shapes: tuple[Shape, ...] = ()
    hashtags_over: int | None = None
    label: Label | None = None
    exemptions: tuple[Exemption, ...] = ()
    hits: Annotated[tuple[Sample, ...], Field(min_length=1)]
    misses: Annotated[tuple[Sample, ...], Field(min_length=1)]

    @property
    def reads_text(self) -> bool:
        """Whether it looks for something in the text; otherwise the facts alone decide."""
        return bool(self.words or self.shapes or self.hashtags_over is not None)

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact it asks about; `where` asks about two by itself."""
        conditions = self.when + (self.stricter.when if self.stricter else ())
        named = [one.fact for one in conditions] + [one.fact for one in self.wants]
        named += ["campaign.kind"] if self.where.campaigns else []
        named += ["account.type"] if self.where.account_types else []
        return tuple(dict.fromkeys(named))

    @model_validator(mode="after")
    def _looks_at_something(self) -> Rule:
        if not (self.reads_text or self.label or self.when or self.wants):
            raise ValueError(f"the rule {self.id!r} looks at nothing")
        return self

    def exemption(self, key: str) -> Exemption | None:
        return next((one for one in self.exemptions if one.id == key), None)


class Pack(Part):
    """A file of rules that belong together; `name` is how managers know it."""

    name: Text
    rules: tuple[Rule, ...]


class Audience(Part):
    """The countries that a channel's people live in; a channel without an entry goes wherever the brand's markets are."""

    channels: tuple[str, ...]
    countries: tuple[str, ...]
    source: str
    checked_on: date
    verified: bool = True


class Reach(Part):
    """Who is reached where: audiences of channels, and groups of countries under one law."""

    audiences: tuple[Audience, ...]
    groups: dict[str, tuple[str, ...]]
