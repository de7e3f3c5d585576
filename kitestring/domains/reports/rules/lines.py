"""The lines of a report that a person may word: how they are named, how long they may be, and what is refused."""

from __future__ import annotations

from typing import Any, Final

import regex
from django.utils.translation import gettext as _

from kitestring.kit.refusals import Refusal
from kitestring.kit.text import INVISIBLE, clean

TITLE: Final = "title"
REMARK: Final = "remark"
PARTS: Final = ("claim", "so", "ask")
LIMITS: Final = {TITLE: 160, "claim": 160, "so": 240, "ask": 240, REMARK: 300}
# Letters that turn the ones after them round: on paper and screen they would turn what is not this person's, too.
TURNS: Final = regex.compile(r"[\u202a-\u202e\u2066-\u2069]")
SPACES: Final = regex.compile(r"\s+")


def line_of(part: str, key: str) -> str:
    """The name of a finding's line: `claim-standout`."""
    return f"{part}-{key}"


def split(line: str) -> tuple[str, str]:
    """Part and the finding's key; the key is "" for the title and the remark."""
    part, _dash, key = line.partition("-")
    return part, key


def findings_of(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The findings by their key, the weightiest first."""
    return {f["key"]: f for f in content.get("findings", [])}


def names_of(content: dict[str, Any]) -> list[str]:
    """Every line that may be worded, in the order of the page as it was made."""
    told = [line_of(part, key) for key in findings_of(content) for part in PARTS]
    return [TITLE, *told, REMARK]


def label_of(part: str) -> str:
    return {
        TITLE: _("The conclusion"),
        "claim": _("Claim"),
        "so": _("So what"),
        "ask": _("Decision asked"),
        REMARK: _("Your remark"),
    }[part]


def tidied(text: str) -> str:
    """One line, as the paper prints it: no line breaks, no letters that turn others round."""
    return SPACES.sub(" ", clean(TURNS.sub("", text))).strip()


def checked(line: str, text: str) -> str:
    """The words as they are kept. Raises Refusal, beside the line, for too many and for none."""
    part, _key = split(line)
    words, limit = tidied(text), LIMITS[part]
    if len(words) > limit:
        message = _(
            "%(n)s characters; this line holds %(limit)s, as the report is one page. Nothing was lost: shorten it and it "
            "will be saved."
        )
        raise Refusal(message % {"n": f"{len(words):,}", "limit": f"{limit:,}"}, field=line)
    if INVISIBLE.sub("", words).strip():
        return words
    if part in (TITLE, "claim", "so"):
        raise Refusal(_empty(part), field=line)
    return ""


def _empty(part: str) -> str:
    if part == TITLE:
        return _("A report needs its conclusion. The last one was kept; write another, or restore the first.")
    if part == "claim":
        return _(
            "A finding needs its claim. The last words were kept; write others, or leave the finding out."
        )
    return _("A finding says what follows from it. The last words were kept; write others, or restore them.")
