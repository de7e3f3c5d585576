"""What a post says to X: its words with the link, its files, and the settings its writer chose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import regex

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.links import links
from kitestring.connectors.x.client import MANIFEST
from kitestring.connectors.x.ids import number

CHOICES, CHOICE_LETTERS = (2, 4), 25
MINUTES = {"1h": 60, "6h": 360, "1d": 1440, "3d": 4320, "7d": 10080}
_STATUS = regex.compile(r"(?:^|/status/)(\d{1,19})(?=$|[/?#])")
_CASHTAG = regex.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")


def wording(outgoing: Outgoing) -> str:
    """The text with its link at the end, unless it is in there already."""
    text = outgoing.text.strip()
    if outgoing.link and not any(span.text == outgoing.link for span in links(text, any_host=True)):
        return f"{text}\n\n{outgoing.link}".strip()
    return text


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, and settings that X takes in no combination."""
    text = wording(outgoing)
    check_outgoing(
        MANIFEST, replace(outgoing, text=text) if text != outgoing.text else outgoing, session.account_type
    )
    if outgoing.kind == "message":
        return
    if outgoing.kind == "reply":
        number(outgoing.reply_to)
    if len(_CASHTAG.findall(text)) > 1:
        raise Rejected("text", "cashtags")
    moving = sum(one.mime == "image/gif" or one.mime.startswith("video/") for one in outgoing.media)
    if moving and len(outgoing.media) > 1:
        raise Rejected("media", "moving_alone")
    chosen = [bool(outgoing.media), bool(outgoing.options.get("poll")), bool(outgoing.options.get("quote"))]
    if sum(chosen) > 1:
        raise Rejected("options.poll" if chosen[1] else "options.quote", "one_of_three")
    poll(outgoing)
    quoted(outgoing)


def poll(outgoing: Outgoing) -> dict[str, Any] | None:
    """The poll of a post; None when it has none. Raises Rejected("options.poll", "poll_choices")."""
    told = outgoing.options.get("poll", "").strip()
    if not told:
        return None
    choices = [choice.strip() for choice in regex.split(r"[|｜\n]", told) if choice.strip()]
    too_long = [choice for choice in choices if len(choice) > CHOICE_LETTERS]
    if not CHOICES[0] <= len(choices) <= CHOICES[1] or too_long or len(set(choices)) < len(choices):
        raise Rejected("options.poll", "poll_choices")
    return {"options": choices, "duration_minutes": MINUTES[outgoing.options.get("poll_length") or "1d"]}


def quoted(outgoing: Outgoing) -> str:
    """The id of the post to quote, from its address or id; "" when none is. Raises Rejected("options.quote", "no_post")."""
    told = outgoing.options.get("quote", "").strip()
    if not told:
        return ""
    found = _STATUS.search(told)
    if found is None:
        raise Rejected("options.quote", "no_post")
    return str(found[1])


def body_of(outgoing: Outgoing, media_ids: list[str]) -> dict[str, Any]:
    """The body of POST /2/tweets."""
    body: dict[str, Any] = {"text": wording(outgoing)}
    if media_ids:
        body["media"] = {"media_ids": media_ids}
    if outgoing.kind == "reply":
        return {**body, "reply": {"in_reply_to_tweet_id": number(outgoing.reply_to)}}
    if asked := poll(outgoing):
        body["poll"] = asked
    if other := quoted(outgoing):
        body["quote_tweet_id"] = other
    if readers := outgoing.options.get("readers"):
        body["reply_settings"] = readers
    for option, field in (("ai", "made_with_ai"), ("paid", "paid_partnership")):
        if outgoing.options.get(option) == "yes":
            body[field] = True
    return body
