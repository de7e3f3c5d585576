"""What LinkedIn's refusals mean to us: by its error codes first, by their words where one code says many things.

Source: learn.microsoft.com/linkedin, Posts API and Videos API (error tables), Error handling, Versioning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Row:
    """An outcome: "no" (Rejected at `field`), "later" (RetryLater) or "ended" (GrantExpired)."""

    what: Literal["no", "later", "ended"]
    reason: str
    field: str = ""
    after: float | None = None


CODES: Mapping[str, Row] = {
    "DUPLICATE_POST": Row("no", "duplicate", "text"),
    "FIELD_LENGTH_TOO_LONG": Row("no", "too_long_there", "text"),
    "MEDIA_ASSET_PROCESSING_FAILED": Row("no", "processing_failed", "media"),
    "MEDIA_ASSET_WAITING_UPLOAD": Row("later", "still_processing", after=30),
    "EXPIRED_UPLOAD_URL": Row("later", "file_lost", after=1),
    "INVALID_VIDEO_ID": Row("later", "file_lost", after=1),
    "INVALID_CONTENT_OWNERSHIP": Row("no", "media_not_ours", "media"),
    "UNSUPPORTED_MEDIA_TYPE": Row("no", "media_unreadable", "media"),
    "CREATE_LINK_FAILED": Row("no", "link_refused", "text"),
    "NONEXISTENT_VERSION": Row("no", "version_retired"),
    "VERSION_MISSING": Row("no", "version_retired"),
    "REVOKED_ACCESS_TOKEN": Row("ended", "app_removed"),
    "EXPIRED_ACCESS_TOKEN": Row("ended", "grant_expired"),
    "INVALID_ACCESS_TOKEN": Row("ended", "grant_expired"),
    "EMPTY_ACCESS_TOKEN": Row("ended", "grant_expired"),
}
# Words of a message, in small letters, where its code says too little.
WORDS: tuple[tuple[str, Row], ...] = (
    ("is a duplicate of", Row("no", "duplicate", "text")),
    ("not enough permissions", Row("no", "not_permitted")),
    ("don't have permission", Row("no", "not_permitted")),
    ("image resource is forbidden", Row("no", "not_permitted")),
    ("member is restricted", Row("ended", "account_gone")),
    ("comments are disabled", Row("no", "comments_closed")),
)
# Where a wrong field lies, by the beginning of its path in the body.
FIELDS = (("commentary", "text"), ("message", "text"), ("content/article/title", "title"), ("content/article", "text"),
          ("content", "media"), ("visibility", "options.readers"))  # fmt: skip


def codes(body: Mapping[str, Any]) -> list[str]:
    """Every code of an error body, the inner ones first."""
    inner = [str(one.get("code") or "") for one in inputs(body)]
    return [code for code in (*inner, str(body.get("code") or "")) if code]


def inputs(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    details = body.get("errorDetails")
    found = details.get("inputErrors") if isinstance(details, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def said(body: Mapping[str, Any]) -> str:
    """LinkedIn's own words, the plainest first."""
    told = [str(one.get("description") or "") for one in inputs(body)] + [str(body.get("message") or "")]
    return next((text for text in told if text.strip()), "")


def row_of(body: Mapping[str, Any]) -> Row | None:
    if "INVALID_URN_ID" in codes(body) and field_of(body) == "media":
        return Row("no", "media_lost", "media")
    for code in codes(body):
        if code in CODES:
            return CODES[code]
    message = f"{body.get('message') or ''} {said(body)}".lower()
    return next((row for words, row in WORDS if words in message), None)


def field_of(body: Mapping[str, Any]) -> str:
    """The field of ours that LinkedIn complains of; "" when it names none."""
    for one in inputs(body):
        path = one.get("input")
        path = path.get("inputPath") if isinstance(path, Mapping) else None
        told = str(path.get("fieldPath") or "") if isinstance(path, Mapping) else ""
        for begins, field in FIELDS:
            if told.lstrip("/").startswith(begins):
                return field
    return ""
