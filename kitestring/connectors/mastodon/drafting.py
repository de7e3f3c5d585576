"""What is sent as a post: its words with the link, the names of who is addressed, its settings, its poll."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import regex

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.counting import count, measure
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.links import links
from kitestring.connectors.mastodon.client import Server, number
from kitestring.connectors.mastodon.limits import manifest_of, of_polls

VISIBILITIES: Final = ("public", "unlisted", "private", "direct")
A_DAY: Final = "86400"


def wording(outgoing: Outgoing) -> str:
    """The text with its link at the end, where Mastodon makes the card from, unless it is in there already."""
    text = outgoing.text.strip()
    if outgoing.link and not any(span.text == outgoing.link for span in links(text, any_host=True)):
        return f"{text}\n\n{outgoing.link}".strip()
    return text


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest, with this server's own limits, forbids; the warning counts with the text."""
    text, manifest = wording(outgoing), manifest_of(session)
    check_outgoing(manifest, outgoing if text == outgoing.text else replace(outgoing, text=text))
    if warning := outgoing.options.get("content_warning"):
        limit = manifest.kind(outgoing.kind).text
        found = measure(f"{warning}{text}", limit)
        if found.over:
            params: dict[str, str | int] = {"count": found.count, "limit": found.limit, "over": found.over}
            raise Rejected("text", "too_long", params=params)
    poll(session, outgoing)


def poll(session: Session, outgoing: Outgoing) -> dict[str, Any] | None:
    """The poll of a post; None when it has none. Raises Rejected at the setting that is wrong."""
    told = outgoing.options.get("poll", "").strip()
    if not told:
        return None
    limits = of_polls(session)
    choices = [choice.strip() for choice in regex.split(r"[|｜\n]", told) if choice.strip()]
    too_long = any(count(choice, "grapheme") > limits["poll_letters"] for choice in choices)
    if not 2 <= len(choices) <= limits["poll_choices"] or too_long or len(set(choices)) < len(choices):
        params: dict[str, str | int] = {"most": limits["poll_choices"], "letters": limits["poll_letters"]}
        raise Rejected("options.poll", "poll_choices", params=params)
    if outgoing.media:
        raise Rejected("options.poll", "poll_alone")
    seconds = int(outgoing.options.get("poll_length") or A_DAY)
    if not limits["poll_shortest"] <= seconds <= limits["poll_longest"]:
        raise Rejected("options.poll_length", "poll_length")
    return {
        "options": choices,
        "expires_in": seconds,
        "multiple": bool(outgoing.options.get("poll_several")),
        "hide_totals": bool(outgoing.options.get("poll_hidden")),
    }


async def body_of(place: Server, session: Session, outgoing: Outgoing) -> dict[str, Any]:
    """Everything of POST /api/v1/statuses but the files."""
    body: dict[str, Any] = {"status": wording(outgoing)}
    visibility = outgoing.options.get("visibility", "public")
    if outgoing.kind in ("reply", "message"):
        body["in_reply_to_id"] = number(outgoing.reply_to)
        asked = await _asked(place, outgoing)
        body["status"] = _addressed(asked, session, outgoing)
        # What answers is seen by whom the answered is seen by, unless somebody said otherwise.
        visibility = outgoing.options.get("visibility") or str(asked.get("visibility") or "public")
    if outgoing.kind == "message":
        visibility = "direct"
    if outgoing.language:
        body["language"] = outgoing.language.partition("-")[0].lower()
    body["visibility"] = visibility if visibility in VISIBILITIES else "public"
    if warning := outgoing.options.get("content_warning"):
        body["spoiler_text"] = warning
    if outgoing.options.get("sensitive"):
        body["sensitive"] = True
    if quoting := outgoing.options.get("quoting"):
        body["quote_approval_policy"] = quoting
    if asked_of_all := poll(session, outgoing):
        body["poll"] = asked_of_all
    return body


async def _asked(place: Server, outgoing: Outgoing) -> dict[str, Any]:
    """What is answered: somebody's post, or our own part before this one."""
    try:
        found: dict[str, Any] = await place.read(f"/api/v1/statuses/{number(outgoing.reply_to)}")
    except Rejected as error:
        raise Rejected("reply_to", "deleted", said=error.said) from error
    return found


def _addressed(asked: dict[str, Any], session: Session, outgoing: Outgoing) -> str:
    """The answer with its reader named, without which they are not told of it. Nobody is named to themselves."""
    text, us = wording(outgoing), session.settings.get("account_id")
    readers = [asked["account"]]
    if str(asked["account"]["id"]) == us:
        # A private message is seen by nobody but those it names: what follows our own names them again.
        readers = list(asked.get("mentions") or []) if outgoing.kind == "message" else []
    names = [f"@{one['acct']}" for one in readers if str(one["id"]) != us]
    missing = [name for name in names if name.lower() not in text.lower()]
    if not missing:
        return text
    addressed = f"{' '.join(missing)} {text}"
    check_outgoing(manifest_of(session), replace(outgoing, text=addressed))
    return addressed
