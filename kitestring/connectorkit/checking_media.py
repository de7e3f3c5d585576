"""Says what stands in the way of a post's files: how many, of which kind, how large, how long, of what shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kitestring.connectorkit.manifest import MediaLimit, PublishKind
from kitestring.connectorkit.problem import Params, Problem, Shown

NEAR: Final = 0.011  # by how much a whole number of pixels may miss a ratio
A_MOMENT: Final = 0.05  # seconds that two clocks may differ about one video


def of_media(kind: PublishKind, media: Sequence[Shown], *, addressed: bool = True) -> Iterator[Problem]:
    """All problems of the files. `addressed`: the channel can fetch them from here, where it wants to."""
    limit = kind.media
    if limit is None or limit.count == 0:
        if media:
            yield Problem("media", "media_not_taken")
        return
    if limit.required and not media:
        yield Problem("media", "missing_media")
    elif len(media) < limit.least and (media or limit.required):
        few: Params = {"count": len(media), "least": limit.least, "lacking": limit.least - len(media)}
        yield Problem("media", "media_too_few", few)
    if len(media) > limit.count:
        yield Problem("media", "media_too_many", _over(len(media), limit.count))
    yield from _of_kinds(limit, media)
    if media and limit.by_address and not addressed:
        yield Problem("media", "needs_address")
    for number, one in enumerate(media):
        yield from _of_file(limit, number, one)


def _over(count: int, limit: int) -> Params:
    return {"count": count, "limit": limit, "over": count - limit}


def _of_kinds(limit: MediaLimit, media: Sequence[Shown]) -> Iterator[Problem]:
    videos = sum(is_video(one) for one in media)
    if limit.videos is not None and videos > limit.videos:
        yield Problem("media", "videos_too_many", _over(videos, limit.videos))
    if not limit.mixed and 0 < videos < len(media):
        yield Problem("media", "media_mixed", {"videos": videos, "pictures": len(media) - videos})


def is_video(one: Shown) -> bool:
    return one.mime.startswith("video/")


def _of_file(limit: MediaLimit, number: int, one: Shown) -> Iterator[Problem]:
    place, nth = f"media.{number}", number + 1
    if limit.mimes and not any(_covers(pattern, one.mime) for pattern in limit.mimes):
        allowed = ", ".join(sorted({m.partition("/")[2].upper().replace("*", "…") for m in limit.mimes}))
        yield Problem(place, "media_type", {"nth": nth, "mime": one.mime, "allowed": allowed})
    most = heaviest(limit, one.mime)
    if most is not None and one.size > most:
        yield Problem(place, "media_too_big", {"nth": nth, "size": _mb(one.size), "limit": _mb(most)})
    yield from _of_sides(limit, place, nth, one)
    if limit.seconds is not None and is_video(one) and one.duration:
        yield from _of_length(limit.seconds, place, nth, one.duration)
    if limit.alt is not None and len(one.alt) > limit.alt:
        over = len(one.alt) - limit.alt
        yield Problem(f"{place}.alt", "alt_too_long", {"nth": nth, "limit": limit.alt, "over": over})
    if not one.alt.strip() and limit.alt is not None and one.mime.startswith("image/"):
        yield Problem(f"{place}.alt", "alt_missing", {"nth": nth}, "warning")


def heaviest(limit: MediaLimit, mime: str) -> int | None:
    """The most bytes of a file of this type: its own figure, else that of videos, else that of all."""
    if mime in limit.bytes_by_mime:
        return limit.bytes_by_mime[mime]
    if mime.startswith("video/") and limit.video_bytes is not None:
        return limit.video_bytes
    return limit.bytes


def _of_sides(limit: MediaLimit, place: str, nth: int, one: Shown) -> Iterator[Problem]:
    kind = "video_" if is_video(one) else ""
    longest, shortest = max(one.width, one.height), min(one.width, one.height)
    if limit.side is not None and longest > limit.side:
        yield Problem(place, f"{kind}side_too_long", {"nth": nth, "side": longest, "limit": limit.side})
    if not shortest:
        return
    if limit.min_side is not None and shortest < limit.min_side:
        yield Problem(place, f"{kind}side_too_short", {"nth": nth, "side": shortest, "limit": limit.min_side})
    allowed, reason = (limit.video_ratio, "video_ratio_off") if is_video(one) else (limit.ratio, "ratio_off")
    if allowed is not None and not _within(one.width / one.height, allowed):
        params: Params = {"nth": nth, "width": one.width, "height": one.height, "allowed": _ratios(allowed)}
        yield Problem(place, reason, params)


def _of_length(allowed: tuple[float, float], place: str, nth: int, seconds: float) -> Iterator[Problem]:
    least, most = allowed
    if seconds < least - A_MOMENT:
        yield Problem(
            place, "video_too_short", {"nth": nth, "seconds": _figure(seconds), "limit": _figure(least)}
        )
    elif seconds > most + A_MOMENT:
        yield Problem(
            place, "video_too_long", {"nth": nth, "seconds": _figure(seconds), "limit": _figure(most)}
        )


def _within(ratio: float, allowed: tuple[float, float]) -> bool:
    return allowed[0] * (1 - NEAR) <= ratio <= allowed[1] * (1 + NEAR)


def _ratios(allowed: tuple[float, float]) -> str:
    """ "4:5 – 1.91:1": from the tallest to the widest."""
    least, most = (_ratio(one) for one in allowed)
    return least if least == most else f"{least} – {most}"


def _ratio(value: float) -> str:
    """As people say it: in small whole numbers where there are such, else to one."""
    for below in range(1, 17):
        above = value * below
        if abs(above - round(above)) < 0.004 and round(above):
            return f"{round(above)}:{below}"
    return f"{_figure(value)}:1"


def _figure(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _covers(pattern: str, mime: str) -> bool:
    return mime.startswith(pattern[:-1]) if pattern.endswith("/*") else mime == pattern


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} kB"
