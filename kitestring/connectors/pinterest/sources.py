"""Where a pin's picture comes from, as POST /pins wants to be told: the files travel with the pin, as base64."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Final

from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import Rejected

ALT: Final = 500  # github.com/pinterest/api-description, v5/openapi.json 5.23.0, PinCreate.alt_text


def pictures(outgoing: Outgoing) -> dict[str, Any]:
    """The media_source of one picture, or of two to five. Raises Rejected("media", "file_gone")."""
    if len(outgoing.media) == 1:
        return {"source_type": "image_base64", **still(outgoing.media[0])}
    # Each picture of several leads somewhere by itself, so each is given the pin's own link.
    link = {"link": outgoing.link} if outgoing.link else {}
    items = [{**still(media), **link} for media in outgoing.media]
    return {"source_type": "multiple_image_base64", "items": items}


def still(media: Media) -> dict[str, str]:
    """One picture: its type and its bytes in base64."""
    try:
        data = media.path.read_bytes()
    except OSError as error:
        raise Rejected("media", "file_gone", said=media.path.name) from error
    return {"content_type": media.mime, "data": base64.b64encode(data).decode()}


def alt_of(media: Sequence[Media]) -> str:
    """A pin has one description for all its pictures: theirs, each on a line, each once.

    Raises Rejected("media", "alts_too_long").
    """
    told = "\n".join(dict.fromkeys(one.alt.strip() for one in media if one.alt.strip()))
    if len(told) > ALT:
        raise Rejected("media", "alts_too_long", params={"limit": ALT, "over": len(told) - ALT})
    return told
