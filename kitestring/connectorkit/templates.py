"""Messages of a fixed form that an account may send to one person, its blanks filled in, where its own words are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import Rejected

# `Outgoing.options` of a message that is one: which, and what stands in each blank.
TEMPLATE: Final = "template"
BLANK: Final = "blank."
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Blank:
    """What is to be filled in. `limit`: how many letters (None: not told)."""

    key: str
    label: str
    limit: int | None = None


@dataclass(frozen=True)
class Template:
    """`body` holds each blank as {{key}}."""

    key: str
    title: str
    body: str
    blanks: tuple[Blank, ...] = ()
    example: str = ""

    def filled(self, values: Mapping[str, str]) -> str:
        """The words as they arrive."""
        words = _PLACE.sub(lambda found: values.get(found[1], "") or "…", self.body)
        return f"{self.title}\n{words}".strip()


def options_of(key: str, values: Mapping[str, str]) -> dict[str, str]:
    return {TEMPLATE: key, **{f"{BLANK}{name}": value for name, value in values.items()}}


def values_of(outgoing: Outgoing) -> dict[str, str]:
    """What stands in the blanks. Raises Rejected for one that is empty."""
    told = {
        key.removeprefix(BLANK): value for key, value in outgoing.options.items() if key.startswith(BLANK)
    }
    for key, value in told.items():
        if not value.strip():
            raise Rejected(f"options.{BLANK}{key}", "blank_missing")
    return told
