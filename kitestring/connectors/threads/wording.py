"""The words as they will read, the link that makes a card, and the topic.

Source: developers.facebook.com/documentation/threads/posts (page updated 2026-04-14)
"""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.links import links

LINKS: Final = 5
TAG: Final = 50


def wording(outgoing: Outgoing) -> str:
    """A link is attached where there are no files; beside files it closes the text, unless it is in there already."""
    text = outgoing.text.strip()
    if not (outgoing.link and outgoing.media) or outgoing.link in _links(text):
        return text
    return f"{text}\n\n{outgoing.link}".strip()


def attached(outgoing: Outgoing) -> str:
    """The link that makes the card."""
    return "" if outgoing.media else outgoing.link


def check(outgoing: Outgoing) -> None:
    """Raise Rejected for one link too many with the one that makes the card, and for a topic that is none."""
    found = _links(outgoing.text) | ({outgoing.link} if outgoing.link else set())
    if len(found) > LINKS:
        params: dict[str, str | int] = {"count": len(found), "limit": LINKS, "over": len(found) - LINKS}
        raise Rejected("text", "links_too_many", params=params)
    named = topic(outgoing)
    if len(named) > TAG or "." in named or "&" in named or "\n" in named:
        raise Rejected("options.topic_tag", "topic_wrong", params={"limit": TAG})


def topic(outgoing: Outgoing) -> str:
    return outgoing.options.get("topic_tag", "").strip().lstrip("#＃")


def _links(text: str) -> set[str]:
    return {span.text for span in links(text, any_host=True)}
