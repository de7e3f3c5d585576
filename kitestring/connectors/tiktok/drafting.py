"""What is said to TikTok of a post, and what is refused before anything is asked of it.

A person chooses for every post who may see it and agrees to TikTok's terms; nothing of that has a default.
Source: developers.tiktok.com/doc/content-sharing-guidelines, content-posting-api-reference-direct-post, -photo-post.
"""

from __future__ import annotations

from typing import Any, Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.options import YES
from kitestring.connectors.tiktok.client import DRAFTS, MANIFEST, may
from kitestring.connectors.tiktok.creator import ALONE, INTERACTIONS

DIRECT: Final = ("video", "photos")


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, and what TikTok's rules on disclosure, audit and addresses forbid."""
    check_outgoing(MANIFEST, outgoing, session.account_type)
    if outgoing.kind in DIRECT:
        _check_choices(session, outgoing)
    elif not may(session.grant, DRAFTS):
        raise Rejected("kind", "drafts_declined")
    if outgoing.kind == "video":
        cover_of(outgoing)
    # A sandbox that is spoken to without TLS may fetch without it, too.
    secure = session.urls["api"].startswith("https://") and outgoing.kind.startswith("photo")
    if secure and not all(media.public_url.startswith("https://") for media in outgoing.media):
        raise Rejected("media", "https_only")


def _check_choices(session: Session, outgoing: Outgoing) -> None:
    options = outgoing.options
    if options.get("brand_content") == YES:
        if options.get("privacy") == ALONE:
            raise Rejected("options.brand_content", "branded_not_private")
        if options.get("consent") != "branded":
            raise Rejected("options.consent", "consent_branded")
    if session.app.get("audited") == "no" and options.get("privacy") != ALONE:
        raise Rejected("options.privacy", "app_unaudited")


def cover_of(outgoing: Outgoing) -> int | None:
    """The millisecond of the frame that is the cover; None where TikTok takes the first."""
    text = outgoing.options.get("cover_second", "").strip()
    if not text:
        return None
    seconds = int(text) if text.isascii() and text.isdecimal() else -1
    length = outgoing.media[0].duration if outgoing.media else 0
    if seconds < 0 or (length and seconds > length):
        raise Rejected("options.cover_second", "cover_wrong")
    return seconds * 1000


def film(outgoing: Outgoing, source: dict[str, Any]) -> dict[str, Any]:
    """The body that begins a video. A draft is its source alone."""
    if outgoing.kind == "draft":
        return {"source_info": source}
    info = {**_info(outgoing), "title": outgoing.text, "is_aigc": outgoing.options.get("ai_made") == YES}
    for one in INTERACTIONS:
        info[f"disable_{one}"] = outgoing.options.get(f"allow_{one}") != YES
    cover = cover_of(outgoing)
    if cover is not None:
        info["video_cover_timestamp_ms"] = cover
    return {"post_info": info, "source_info": source}


def album(outgoing: Outgoing) -> dict[str, Any]:
    """The body that posts photos, or sends them as a draft. The first is the cover."""
    info: dict[str, Any] = {"title": outgoing.title, "description": outgoing.text}
    if outgoing.kind == "photos":
        info |= _info(outgoing)
        info["disable_comment"] = outgoing.options.get("allow_comment") != YES
        info["auto_add_music"] = outgoing.options.get("auto_music") == YES
    return {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST" if outgoing.kind == "photos" else "MEDIA_UPLOAD",
        "post_info": info,
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_cover_index": 0,
            "photo_images": [media.public_url for media in outgoing.media],
        },
    }


def _info(outgoing: Outgoing) -> dict[str, Any]:
    return {
        "privacy_level": outgoing.options["privacy"],
        "brand_content_toggle": outgoing.options.get("brand_content") == YES,
        "brand_organic_toggle": outgoing.options.get("brand_organic") == YES,
    }
