"""From a duty to LINE's message objects, and to whom they go: everybody, some, or these."""

from __future__ import annotations

import re
from typing import Any, Final

from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import Rejected

MOST_OBJECTS: Final = 5  # messaging-api.yml, BroadcastRequest and the others: messages, maxItems
MOST_RECIPIENTS: Final = 500  # messaging-api.yml, MulticastRequest: to, maxItems
PERSON: Final = re.compile(r"U[0-9a-f]{32}")
NARROWS: Final = ("gender", "age_from", "age_to", "audience", "most")


def words(outgoing: Outgoing) -> str:
    """The text, with the link under it unless the text carries it."""
    if outgoing.link and outgoing.link not in outgoing.text:
        return f"{outgoing.text}\n\n{outgoing.link}".strip()
    return outgoing.text


def bubbles(outgoing: Outgoing) -> list[dict[str, Any]]:
    """The text, then each file by its address. Raises Rejected("media") where a file has none, or a video no picture."""
    told = words(outgoing)
    made: list[dict[str, Any]] = [{"type": "text", "text": told}] if told.strip() else []
    made += [_file(media, outgoing) for media in outgoing.media]
    if len(made) > MOST_OBJECTS:
        raise Rejected("media", "too_many_with_text", params={"count": len(made), "limit": MOST_OBJECTS})
    return made


def _file(media: Media, outgoing: Outgoing) -> dict[str, Any]:
    if not media.public_url:
        raise Rejected("media", "needs_address")
    if not media.mime.startswith("video/"):
        return {
            "type": "image",
            "originalContentUrl": media.public_url,
            "previewImageUrl": media.public_url,
        }
    shown = outgoing.options.get("video_picture", "").strip()
    if not shown.startswith("https://"):
        raise Rejected("media", "video_needs_picture")
    return {"type": "video", "originalContentUrl": media.public_url, "previewImageUrl": shown}


def addressed(outgoing: Outgoing) -> tuple[str, dict[str, Any]]:
    """("broadcast" | "narrowcast" | "multicast" | "push", what the request says beside the messages)."""
    options = {key: value.strip() for key, value in outgoing.options.items() if value.strip()}
    more: dict[str, Any] = {"notificationDisabled": True} if options.get("silent") == "yes" else {}
    if outgoing.kind == "message":
        return "push", {**more, "to": person(outgoing.root)}
    if told := options.get("recipients"):
        if any(options.get(key) for key in NARROWS):
            raise Rejected("options", "some_or_these")
        return "multicast", {**more, "to": _people(told)}
    if any(options.get(key) for key in NARROWS):
        return "narrowcast", {**more, **_narrowed(options)}
    return "broadcast", more


def person(user_id: str) -> str:
    if not PERSON.fullmatch(user_id):
        raise Rejected("reply_to", "person_gone")
    return user_id


def _people(told: str) -> list[str]:
    found = list(dict.fromkeys(re.split(r"[\s,;，、]+", told.strip())))
    wrong = next((one for one in found if not PERSON.fullmatch(one)), "")
    if wrong or len(found) > MOST_RECIPIENTS:
        params = {"wrong": wrong[:60], "count": len(found), "limit": MOST_RECIPIENTS}
        raise Rejected("options", "not_a_person" if wrong else "too_many_people", params=params)
    return found


def _narrowed(options: dict[str, str]) -> dict[str, Any]:
    """The audience, the filter by age and gender, and the bound, as NarrowcastRequest has them."""
    made: dict[str, Any] = {}
    for key in ("audience", "most"):
        if options.get(key) and not (
            options[key].isascii() and options[key].isdecimal() and int(options[key])
        ):
            raise Rejected("options", "not_a_number", params={"typed": options[key][:40]})
    if options.get("audience"):
        made["recipient"] = {"type": "audience", "audienceGroupId": int(options["audience"])}
    filters: list[dict[str, Any]] = []
    if options.get("gender"):
        filters.append({"type": "gender", "oneOf": [options["gender"]]})
    low, high = options.get("age_from"), options.get("age_to")
    if low and high and low >= high:
        raise Rejected("options", "ages_crossed")
    if low or high:
        ages = {name: f"age_{age}" for name, age in (("gte", low), ("lt", high)) if age}
        filters.append({"type": "age", **ages})
    if filters:
        both = {"type": "operator", "and": filters}
        made["filter"] = {"demographic": filters[0] if len(filters) == 1 else both}
    if options.get("most"):
        made["limit"] = {"max": int(options["most"])}
    return made
