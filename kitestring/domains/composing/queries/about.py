"""What a post is besides its words: advertising, a prize draw, made by a machine. Declared once, asked by the rules.

What nobody declared is unknown, and unknown things are not judged. What was declared is answered in full: a field of it
left empty is known to be missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from kitestring.connectorkit.manifest import PublishKind
from kitestring.connectorkit.options import YES

LONGEST: Final = 500
MOST: Final = 1_000_000_000


@dataclass(frozen=True)
class Asked:
    """One thing asked of a declaration. `fact`: as the rules call it. A "number" left empty stays unknown."""

    key: str
    fact: str
    label: str
    kind: Literal["text", "toggle", "number"] = "text"


@dataclass(frozen=True)
class Declaration:
    """Something a post may be. `fact`: what it says by itself, "" where only its fields do; `question`: how a rule that
    is stricter then asks whether it is so. `means`: the channels' own switch that goes with it (`Option.means`)."""

    key: str
    label: str
    help: str
    fact: str = ""
    question: str = ""
    means: str = ""
    asks: tuple[Asked, ...] = ()


DECLARATIONS: Final = (
    Declaration(
        "paid",
        N("Advertising"),
        N("Paid for, sponsored, or given something in exchange. Channels with a switch for it get it on."),
        fact="sponsored",
        question=N("Is this advertising?"),
        means="paid",
        asks=(
            Asked(
                "paid_registered", "deal.registered",
                N("The brand deal was placed through the channel’s own marketplace"), "toggle",
            ),
            Asked("paid_archive", "archive.years", N("How many years its file is kept"), "number"),
        ),
    ),
    Declaration(
        "ai",
        N("Made with AI"),
        N("Words, picture, sound or video made or visibly changed by a machine. Channels with a switch for it get it on."),
        fact="ai.made",
        means="ai_made",
        asks=(Asked("ai_labelled", "ai.declared", N("The post itself says so"), "toggle"),),
    ),
    Declaration(
        "draw",
        N("A prize draw"),
        N("The rules of several countries want all of this published before it begins."),
        asks=(
            Asked("draw_prizes", "draw.prizes", N("The prizes")),
            Asked("draw_top_prize", "draw.top_prize", N("Worth of the dearest prize, in yuan"), "number"),
            Asked("draw_odds", "draw.odds", N("How many there are, or the odds")),
            Asked("draw_conditions", "draw.conditions", N("Who may enter, and how")),
            Asked("draw_time", "draw.time", N("When it is drawn")),
            Asked("draw_method", "draw.method", N("How it is drawn")),
            Asked("draw_claim", "draw.claim", N("How prizes are claimed")),
            Asked("draw_organiser", "draw.organiser", N("Who runs it")),
            Asked("draw_contact", "draw.contact", N("How to reach them")),
            Asked("draw_file", "draw.file", N("Where its file is kept")),
            Asked("draw_fair", "draw.fair", N("Whoever enters can win, and every prize is given out"), "toggle"),
        ),
    ),
    Declaration(
        "partner",
        N("Somebody speaks for the product"),
        N("A star, an expert, a customer who recommends it."),
        asks=(
            Asked("partner_used", "partner.used_product", N("They have used it themselves"), "toggle"),
            Asked("partner_consent", "partner.consent", N("Where their written consent is kept")),
            Asked("partner_papers", "partner.verified_papers", N("Which papers of the product they have checked")),
            Asked("partner_age", "partner.age", N("Their age"), "number"),
            Asked(
                "partner_penalty", "partner.years_since_penalty",
                N("Years since they were punished for false advertising"), "number",
            ),
        ),
    ),
    Declaration(
        "watermark",
        N("Files with another app’s mark"),
        N("A logo or a name that another app has put into the picture or the video."),
        fact="media.watermark",
    ),
)  # fmt: skip
BY_KEY: Final = {one.key: one for one in DECLARATIONS}
FIELDS: Final = {asked.key: asked for one in DECLARATIONS for asked in one.asks}


def declaring(facts: Collection[str]) -> Declaration | None:
    """The declaration by which one of these facts is said."""
    return next((one for one in DECLARATIONS if one.fact and one.fact in facts), None)


def facts_of(about: Mapping[str, str], means: Collection[str] = ()) -> dict[str, object]:
    """What the rules may know of a post by its declarations. `means`: what the channel's own switches declare beside them."""
    facts: dict[str, object] = {}
    for one in DECLARATIONS:
        if about.get(one.key) != YES and one.means not in means:
            continue
        if one.fact:
            facts[one.fact] = True
        for asked in one.asks:
            value = _value(asked, about.get(asked.key, ""))
            if value is not None:
                facts[asked.fact] = value
    return facts


def asked_about(about: Mapping[str, str], wanted: Collection[str]) -> list[Declaration]:
    """The declarations with what is worth asking of each: facts that a rule there wants, and what was answered already."""
    found = []
    for one in DECLARATIONS:
        asks = tuple(each for each in one.asks if each.fact in wanted or about.get(each.key))
        if one.fact or asks or about.get(one.key):
            found.append(replace(one, asks=asks))
    return found


def _value(asked: Asked, given: str) -> object:
    """None where it is unknown."""
    if asked.kind == "toggle":
        return given == YES
    if asked.kind == "text":
        return given
    try:
        return float(given)
    except ValueError:
        return None


def switched_on(kind: PublishKind, about: Mapping[str, str]) -> dict[str, str]:
    """The channel's own switches that the declarations turn on, unless the writer chose otherwise there."""
    means = {one.means for one in DECLARATIONS if one.means and about.get(one.key) == YES}
    return {option.key: YES for option in kind.options if option.kind == "toggle" and option.means in means}


def told(about: Mapping[str, str]) -> list[str]:
    """What was declared, in the reader's words."""
    return [_(one.label) for one in DECLARATIONS if about.get(one.key) == YES]


def told_whole(about: Mapping[str, str]) -> list[str]:
    """What was declared with all that was answered, in the reader's words; what was left empty is left out."""
    said = []
    for one in DECLARATIONS:
        said += [_(one.label)] if about.get(one.key) == YES else []
        for asked in one.asks:
            if value := about.get(asked.key):
                said.append(_(asked.label) if value == YES else f"{_(asked.label)}: {value}")
    return said
