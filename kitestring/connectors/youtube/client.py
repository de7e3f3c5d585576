"""YouTube's own errors, and its APIs as an account calls them.

Source of the reasons: developers.google.com/youtube/v3/docs/errors (read as a stored copy; the page carries no date); that a
channel may upload so many videos in 24 hours (uploadLimitExceeded): the revision history of the Data API.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.manifest import load
from kitestring.providers.google.api import Api, api, items
from kitestring.providers.google.errors import Row

MANIFEST = load(Path(__file__).parent)
HOURS: Final = 3600.0
ROWS: Final = (
    Row("SERVICE_DISABLED", "refused", "api_not_enabled"),
    Row("accessNotConfigured", "refused", "api_not_enabled"),
    Row("youtubeSignupRequired", "refused", "no_channel"),
    Row("authenticatedUserNotChannel", "refused", "no_channel"),
    Row("channelClosed", "ended", "account_gone"),
    Row("channelSuspended", "ended", "account_gone"),
    Row("uploadLimitExceeded", "later", "uploads_used", after=4 * HOURS),
    Row("uploadRateLimitExceeded", "later", "busy", after=HOURS),
    Row("invalidTitle", "refused", "title_refused", field="title"),
    Row("invalidDescription", "refused", "description_refused", field="text"),
    Row("invalidTags", "refused", "tags_refused", field="options.tags"),
    Row("invalidCategoryId", "refused", "category_refused", field="options.category"),
    Row("forbiddenPrivacySetting", "refused", "privacy_refused", field="options.privacy"),
    Row("invalidFilename", "refused", "media_unreadable", field="media"),
    Row("mediaBodyRequired", "refused", "media_unreadable", field="media"),
    Row("playlistContainsMaximumNumberOfVideos", "refused", "playlist_full", field="options.playlist"),
    Row("playlistNotFound", "refused", "playlist_gone", field="options.playlist"),
    Row("playlistForbidden", "refused", "playlist_gone", field="options.playlist"),
    Row("commentsDisabled", "refused", "comments_off"),
    Row("ineligibleAccount", "refused", "comments_not_allowed"),
    Row("commentTextTooLong", "refused", "comment_refused", field="text"),
    Row("commentTextRequired", "refused", "text_required", field="text"),
    Row("processingFailure", "later", "busy", after=60.0),
    Row("videoNotFound", "refused", "not_there"),
    Row("commentNotFound", "refused", "not_there"),
    Row("commentThreadNotFound", "refused", "not_there"),
    Row("parentCommentNotFound", "refused", "not_there"),
)
VIDEO: Final = re.compile(r"[\w-]{11}")


def data(session: Session) -> Api:
    """The Data API."""
    return api(session, "api", ROWS)


def uploads(session: Session) -> Api:
    """Where files of the Data API go."""
    return api(session, "upload", ROWS)


def analytics(session: Session) -> Api:
    """The Analytics API."""
    return api(session, "analytics", ROWS)


def is_video(remote_id: str) -> bool:
    """Whether this names a video; the ids of comments are longer."""
    return bool(VIDEO.fullmatch(remote_id))


def address(session: Session, video: str, kind: str = "video") -> str:
    """Where people see it."""
    web = session.urls["web"]
    return f"{web}/shorts/{video}" if kind == "short" else f"{web}/watch?v={video}"


def comment_address(session: Session, video: str, comment: str) -> str:
    return f"{address(session, video)}&lc={comment}"


async def one(session: Session, video: str, part: str) -> dict[str, Any] | None:
    """The video with these parts; None when YouTube does not have it."""
    found = items(await data(session).read("videos", part=part, id=video))
    return found[0] if found else None
