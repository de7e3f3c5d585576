"""What a post is made of: its community, its flair, its link, its words as Markdown; and what cannot be sent."""

from __future__ import annotations

import re
from typing import Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.links import spans
from kitestring.connectors.reddit import ids, places
from kitestring.connectors.reddit.client import MANIFEST

ANSWERS: Final = ("reply", "message")
LINE_END: Final = re.compile(r"(?<=[^\s\n])\n(?=[^\s\n])")


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, a place that is none, a flair of elsewhere, a link post without a link."""
    check_outgoing(MANIFEST, outgoing)
    if outgoing.kind == "reply" and not ids.SAID.fullmatch(outgoing.reply_to):
        raise Rejected("reply_to", "deleted")
    if outgoing.kind == "message" and not ids.MESSAGE.fullmatch(outgoing.reply_to):
        raise Rejected("reply_to", "deleted")
    if outgoing.kind in ANSWERS:
        return
    place = places.name_of(outgoing.options.get("subreddit", ""))
    if not place:
        raise Rejected("options.subreddit", "subreddit_unknown")
    flair = outgoing.options.get("flair", "")
    if flair and places.split(flair)[0].casefold() != place.casefold():
        raise Rejected("options.flair", "flair_elsewhere")
    if outgoing.kind == "link" and not link_of(outgoing):
        raise Rejected("link", "link_missing")
    if outgoing.kind == "video" and outgoing.media[0].cover is None:
        raise Rejected("media", "cover_missing")


def link_of(outgoing: Outgoing) -> str:
    """The address of a link post: the post's own link, else the first one in its words."""
    if outgoing.link:
        return outgoing.link
    found = (span.text for span in spans(outgoing.text) if span.kind == "link")
    return next((one for one in found if one.startswith(("http://", "https://"))), "")


def body(outgoing: Outgoing) -> str:
    """The words as Markdown in which a line that was ended ends; the link below them where the post is not the link itself."""
    words = outgoing.text.strip()
    if outgoing.kind == "link" and words == link_of(outgoing):
        return ""
    if outgoing.link and outgoing.link not in words and outgoing.kind != "link":
        words = f"{words}\n\n{outgoing.link}".strip()
    kept = LINE_END.sub("  \n", words)
    most = MANIFEST.kind(outgoing.kind).text.limit
    return kept if len(kept) <= most else words


def form_of(outgoing: Outgoing) -> dict[str, str]:
    """The fields that every post has."""
    told = {
        "sr": places.name_of(outgoing.options.get("subreddit", "")),
        "title": " ".join(outgoing.title.split()),
        "sendreplies": "true",
        "validate_on_submit": "true",
    }
    for key in ("nsfw", "spoiler"):
        told[key] = "true" if outgoing.options.get(key) == "yes" else "false"
    if flair := outgoing.options.get("flair", ""):
        told["flair_id"] = places.split(flair)[1]
    return told


def same(ours: str, theirs: str) -> bool:
    """Whether two texts say the same, whatever their white space."""
    return ours.split() == theirs.split()
