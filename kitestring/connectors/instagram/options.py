"""What a person may set for a post here, as the container takes it."""

from __future__ import annotations

from typing import Any, Final

import regex

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import Rejected

COLLABORATORS: Final = 3
SPONSORS: Final = 2
_NAME = regex.compile(r"[A-Za-z0-9._]{1,30}")


def check_options(outgoing: Outgoing) -> None:
    """Raise Rejected for names that are none."""
    names = collaborators(outgoing)
    if len(names) > COLLABORATORS or not all(_NAME.fullmatch(name) for name in names):
        raise Rejected("options.collaborators", "collaborators_wrong", params={"limit": COLLABORATORS})
    ids = sponsors(outgoing)
    if len(ids) > SPONSORS or not all(one.isascii() and one.isdigit() for one in ids):
        raise Rejected("options.sponsors", "sponsors_wrong", params={"limit": SPONSORS})


def collaborators(outgoing: Outgoing) -> list[str]:
    return [name.lstrip("@") for name in _split(outgoing.options.get("collaborators", ""))]


def sponsors(outgoing: Outgoing) -> list[str]:
    return _split(outgoing.options.get("sponsors", ""))


def _split(text: str) -> list[str]:
    return [part for part in regex.split(r"[\s,，、;；]+", text) if part]


def parameters(outgoing: Outgoing) -> dict[str, Any]:
    """What goes into the container that is published (not into the parts of a carousel). Stories take none of it."""
    if outgoing.kind == "story":
        return {}
    options = outgoing.options
    told: dict[str, Any] = {"caption": outgoing.text.strip(), "collaborators": collaborators(outgoing)}
    if options.get("paid") == "yes" or sponsors(outgoing):
        told["is_paid_partnership"] = True
        told["branded_content_sponsor_ids"] = [int(one) for one in sponsors(outgoing)]
    if options.get("ai_made") == "yes":
        told["is_ai_generated"] = True
    return told
