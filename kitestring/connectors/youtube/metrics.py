"""Counts of videos and of the channel. Views, likes and comments stand with the video; shares and saves are reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.youtube.auth import ANALYTICS
from kitestring.connectors.youtube.client import MANIFEST, analytics, data
from kitestring.kit import clock
from kitestring.providers.google.login import given

AT_ONCE: Final = 50
FIRST_DAY: Final = "2005-12-15"  # YouTube opened to everybody that day: no report begins before
REPORTED: Final = {"shares", "videosAddedToPlaylists"}
Told = dict[str, float | None]


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading for each post and metric of the manifest."""
    found: list[Reading] = []
    for start in range(0, len(posts), AT_ONCE):
        found += await _of(session, posts[start : start + AT_ONCE])
    return found


async def _of(session: Session, posts: Sequence[str]) -> list[Reading]:
    body = await data(session).read("videos", part="statistics", id=",".join(posts))
    counted = {str(row["id"]): _counted(row.get("statistics") or {}) for row in body.get("items") or []}
    reported, missing = await _reports(session, sorted(counted))
    at = clock.now()
    readings = []
    for post in posts:
        told = {**counted.get(post, {}), **reported.get(post, {})}
        for fact in MANIFEST.metrics:
            value = told.get(fact.field)
            why = missing if fact.field in REPORTED else "not_given"
            reason = "" if value is not None else why if post in counted else "not_there"
            readings.append(Reading(post, fact.key, value, fact.field, at, reason))
    return readings


def _counted(statistics: Mapping[str, Any]) -> Told:
    return {f"statistics.{key}": _number(value) for key, value in statistics.items()}


def _number(value: Any) -> float | None:
    text = str(value)
    return float(text) if text.isdigit() else None


async def _reports(session: Session, videos: Sequence[str]) -> tuple[dict[str, Told], str]:
    """What the reports say of each video, and why they may say nothing."""
    if not videos:
        return {}, "not_given"
    if not given(session.grant, ANALYTICS):
        return {}, "shares_declined"
    try:
        body = await analytics(session).read(
            "reports",
            ids="channel==MINE",
            startDate=FIRST_DAY,
            endDate=clock.now().date().isoformat(),
            metrics=",".join(sorted(REPORTED)),
            dimensions="video",
            filters=f"video=={','.join(videos)}",
        )
    except Rejected as error:
        if error.reason not in ("api_not_enabled", "scope_missing", "not_there"):
            raise
        return {}, "reports_off" if error.reason == "api_not_enabled" else "shares_declined"
    return _rows(body), "not_yet_reported"


def _rows(body: Mapping[str, Any]) -> dict[str, Told]:
    """Rows are lists in the order of `columnHeaders`; the first is the video."""
    names = [str(head.get("name")) for head in body.get("columnHeaders") or []]
    found: dict[str, Told] = {}
    for row in body.get("rows") or []:
        told = dict(zip(names, row, strict=False))
        found[str(told.pop("video", ""))] = {key: _number(value) for key, value in told.items()}
    return found


async def account(session: Session) -> Sequence[Reading]:
    """The channel's own numbers. YouTube rounds the subscribers, and tells none where the channel hides them."""
    body = await data(session).read("channels", part="statistics", id=session.remote_id)
    rows = body.get("items") or [{}]
    statistics = rows[0].get("statistics") or {}
    told = _counted(statistics)
    if statistics.get("hiddenSubscriberCount"):
        told["statistics.subscriberCount"] = None
    at = clock.now()
    return [
        Reading(session.remote_id, fact.key, value, fact.field, at, "" if value is not None else "not_given")
        for fact in MANIFEST.account_metrics
        for value in (told.get(fact.field),)
    ]
