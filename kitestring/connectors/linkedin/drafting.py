"""What a post says to LinkedIn: its words in "little" text, its files or its article card, and who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import regex

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.links import links
from kitestring.connectors.linkedin import little, urns
from kitestring.connectors.linkedin.client import MANIFEST

CHOICES, CHOICE_LETTERS = (2, 4), 30  # Poll API
LIGHTEST_VIDEO: Final = 75_000  # bytes: learn.microsoft.com/linkedin, Videos API
MOST_PIXELS: Final = 36_152_320  # Images API
DESCRIPTION: Final = 4086  # letters of an article's description: Posts API schema


def wording(outgoing: Outgoing) -> str:
    """The text with its link at the end, unless it is in there already, or is what the card shows."""
    text = outgoing.text.strip()
    if not outgoing.link or outgoing.kind == "article":
        return text
    if any(span.text == outgoing.link for span in links(text, any_host=True)):
        return text
    return f"{text}\n\n{outgoing.link}".strip()


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, and what LinkedIn takes in no combination."""
    text = little.shown(wording(outgoing))
    check_outgoing(MANIFEST, replace(outgoing, text=text), session.account_type)
    if outgoing.kind == "reply":
        if urns.is_comment(outgoing.reply_to):
            urns.comment(outgoing.reply_to)
        else:
            urns.post(outgoing.reply_to)
        return
    if outgoing.options.get("readers") and session.account_type == "page":
        raise Rejected("options.readers", "page_is_public")
    if outgoing.kind == "article":
        source(outgoing)
    poll(outgoing)
    for place, one in enumerate(outgoing.media):
        if one.mime.startswith("video/") and one.size < LIGHTEST_VIDEO:
            raise Rejected(f"media.{place}", "video_too_light", params={"nth": place + 1})
        if one.mime.startswith("image/") and one.width * one.height >= MOST_PIXELS:
            raise Rejected(f"media.{place}", "picture_too_large", params={"nth": place + 1})


def source(outgoing: Outgoing) -> str:
    """The address an article card leads to. Raises Rejected("text", "card_without_link")."""
    told = [one.text for one in links(outgoing.text, any_host=True)]
    whole = [one for one in told if one.lower().startswith(("http://", "https://"))]
    found = outgoing.link or next(iter(whole), "")
    if not found:
        raise Rejected("text", "card_without_link")
    return found


def poll(outgoing: Outgoing) -> dict[str, Any] | None:
    """The poll of a post; None when it has none. Raises Rejected at the setting that is wrong."""
    told = outgoing.options.get("poll", "").strip()
    if not told:
        return None
    choices = [choice.strip() for choice in regex.split(r"[|｜\n]", told) if choice.strip()]
    too_long = [choice for choice in choices if len(choice) > CHOICE_LETTERS]
    if not CHOICES[0] <= len(choices) <= CHOICES[1] or too_long or len(set(choices)) < len(choices):
        raise Rejected("options.poll", "poll_choices")
    if outgoing.media:
        raise Rejected("options.poll", "poll_alone")
    question = outgoing.options.get("poll_question", "").strip()
    if not question:
        raise Rejected("options.poll_question", "poll_question")
    settings: dict[str, Any] = {
        "duration": outgoing.options.get("poll_length") or "THREE_DAYS",
        "voteSelectionType": "SINGLE_VOTE",
    }
    settings |= {"isVoterVisibleToAuthor": True}
    return {"question": question, "options": [{"text": choice} for choice in choices], "settings": settings}


def body_of(session: Session, outgoing: Outgoing, files: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The body of POST /rest/posts; `files` are what `shown` made of the post's files, in their order."""
    body: dict[str, Any] = {
        "author": session.remote_id,
        "commentary": little.little(wording(outgoing)),
        "visibility": outgoing.options.get("readers") or "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": outgoing.options.get("reshares") == "no",
    }
    if outgoing.kind == "article":
        card = {"source": source(outgoing), "title": outgoing.title.strip()}
        card |= (
            {"description": told[:DESCRIPTION]} if (told := outgoing.options.get("description", "")) else {}
        )
        return {**body, "content": {"article": card | ({"thumbnail": files[0]["id"]} if files else {})}}
    if asked := poll(outgoing):
        return {**body, "content": {"poll": asked}}
    if files:
        body["content"] = {"media": files[0]} if len(files) == 1 else {"multiImage": {"images": list(files)}}
    return body


def shown(media: Media, name: str) -> dict[str, str]:
    """A file as a post names it, with its description: a picture's for who cannot see it, a video's as its title."""
    told = {"id": name}
    if media.mime.startswith("video/"):
        return told | ({"title": media.alt.strip()[:200]} if media.alt.strip() else {})
    return told | ({"altText": media.alt.strip()} if media.alt.strip() else {})
