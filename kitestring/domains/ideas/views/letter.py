"""The brief as a letter: its questions, in order, with why each is asked and the soft warnings beside them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kitestring.domains.ideas.models import Brief, Response
from kitestring.domains.ideas.rules import second_verbs


@dataclass(frozen=True)
class Question:
    """One answer of the letter: `why` stands in the margin, `warning` replaces it when there is one."""

    name: str
    asks: str
    why: str
    value: str
    hint: str = ""
    warning: str = ""
    size: str = ""


def letter(brief: Brief) -> list[Question]:
    """The seven questions; the wanted response has its own fields and stands at `response_object`."""
    return [*_why_and_who(brief), *_what_and_how(brief)]


def _why_and_who(brief: Brief) -> list[Question]:
    return [
        Question(
            "objective",
            _("Why are we doing this?"),
            _("One reason only. With two, the team answers one each."),
            brief.objective,
            _("What shall be different afterwards, and for whom"),
        ),
        Question(
            "audience",
            _("Who is it for?"),
            _("One person you could meet. “Everybody” is nobody."),
            brief.audience,
            _("Who they are, where they are when they read it"),
        ),
        Question(
            "insight",
            _("What is on their mind right now?"),
            _("Something true about them, not about us. Comments are the best source."),
            brief.insight,
            _("What they want, fear or put up with"),
        ),
    ]


def _what_and_how(brief: Brief) -> list[Question]:
    return [
        Question(
            "key_message",
            _("If we may say one thing, what is it?"),
            _("The decision waits for this line: ideas are held against it."),
            brief.key_message,
            _("One sentence a friend would repeat"),
            size="large",
        ),
        Question(
            "response_object",
            _("And then, what one thing shall they do?"),
            _("One response. A post that asks for two gets neither."),
            brief.response_object,
            _("Complete the sentence: what, where, when"),
            warning=_second(brief),
        ),
        Question(
            "mandatories",
            _("What must be in it, what must not?"),
            _("Prices, dates, legal lines; words and pictures that are out."),
            brief.mandatories,
            _("For example: the price and the closing date are in; no faces of children"),
        ),
        Question(
            "measure",
            _("How will we know that it worked?"),
            _("A figure and a day on which we look. Say what would count as a no."),
            brief.measure,
            _("For example: 300 saves by 22 December; under 100 is a no"),
        ),
    ]


def _second(brief: Brief) -> str:
    found = second_verbs(brief.response_object, brief.response) if brief.response else []
    if not found:
        return ""
    wanted = Response(brief.response).label
    if len(found) == 1:
        message = _(
            "“%(found)s” asks for a second thing beside “%(wanted)s”. Readers do one: keep it, and give the other its own post."
        )
        return message % {"found": found[0], "wanted": wanted}
    # Translators: stands between two quoted words: “visit”, “order”
    words = _("”, “").join(found)
    message = _(
        "“%(words)s” ask for more beside “%(wanted)s”. Readers do one: keep it, and give each of the others its own post."
    )
    return message % {"words": words, "wanted": wanted}
