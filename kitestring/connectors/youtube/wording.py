"""A post as YouTube's video resource: title, description, tags, who may see it, what is declared of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.links import links

PARTS: Final = "snippet,status,paidProductPlacementDetails"


def description(outgoing: Outgoing) -> str:
    """The text; the link closes it, unless it is in there already."""
    text = outgoing.text.strip()
    if not outgoing.link or any(span.text == outgoing.link for span in links(text, any_host=True)):
        return text
    return f"{text}\n\n{outgoing.link}".strip()


def tags(outgoing: Outgoing) -> list[str]:
    """What stands between the commas, each once."""
    found = (" ".join(one.split()) for one in outgoing.options.get("tags", "").split(","))
    return list(dict.fromkeys(one for one in found if one))


def privacy(outgoing: Outgoing) -> str:
    return outgoing.options.get("privacy") or "public"


def resource(outgoing: Outgoing, *, unseen: bool = False) -> dict[str, Any]:
    """Everything that is told of the video. `unseen`: as nobody but the channel's people may see it yet."""
    declared = outgoing.options
    return {
        "snippet": snippet(outgoing),
        "status": {
            "privacyStatus": "private" if unseen else privacy(outgoing),
            "selfDeclaredMadeForKids": bool(declared.get("made_for_kids")),
            "containsSyntheticMedia": bool(declared.get("ai_made")),
        },
        "paidProductPlacementDetails": {"hasPaidProductPlacement": bool(declared.get("paid"))},
    }


def snippet(outgoing: Outgoing, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Title and words, over what was there `before` of the fields that may be written: a part is replaced as a whole."""
    kept = {key: (before or {}).get(key) for key in ("defaultLanguage", "defaultAudioLanguage")}
    return {
        **{key: value for key, value in kept.items() if value},
        "title": outgoing.title.strip(),
        "description": description(outgoing),
        "tags": tags(outgoing),
        "categoryId": outgoing.options.get("category") or "22",
    }
