"""Who may post what on this account now: asked when connecting, and again before each direct post.

TikTok wants the newest answer used and honoured: levels of privacy, interactions, the longest video.
Source: developers.tiktok.com/doc/content-posting-api-reference-query-creator-info (read as a stored copy, undated).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.options import YES
from kitestring.connectors.tiktok.client import Api

PUBLIC, ALONE = "PUBLIC_TO_EVERYONE", "SELF_ONLY"
INTERACTIONS: Final = ("comment", "duet", "stitch")
A_MOMENT: Final = 0.5  # seconds by which a measured length may differ


@dataclass(frozen=True)
class Creator:
    """`off`: interactions that the account's own settings forbid. `longest`: seconds of a video, 0 where not told."""

    name: str = ""
    nickname: str = ""
    avatar: str = ""
    levels: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()
    longest: int = 0

    @property
    def public(self) -> bool:
        """Whether the account itself is public: only then may everybody see a post."""
        return PUBLIC in self.levels

    @property
    def settings(self) -> dict[str, Any]:
        """What the composer offers by."""
        return {"privacy_levels": [{"value": one, "label": one} for one in self.levels]}


async def ask(api: Api) -> Creator:
    """Raises as every call; RetryLater("posts_used") and the like where the account may not post now."""
    return creator_of(await api.ask("post/publish/creator_info/query"))


def creator_of(told: Mapping[str, Any]) -> Creator:
    levels = told.get("privacy_level_options")
    longest = told.get("max_video_post_duration_sec")
    return Creator(
        str(told.get("creator_username") or ""),
        str(told.get("creator_nickname") or ""),
        str(told.get("creator_avatar_url") or ""),
        tuple(str(one) for one in levels) if isinstance(levels, list) else (),
        frozenset(one for one in INTERACTIONS if told.get(f"{one}_disabled") is True),
        int(longest) if isinstance(longest, int | float) and longest > 0 else 0,
    )


def refuse(creator: Creator, outgoing: Outgoing) -> None:
    """Raise Rejected for what this account does not take as it is now."""
    options = outgoing.options
    if options.get("privacy") not in creator.levels:
        raise Rejected("options.privacy", "privacy_not_offered")
    for one in ("comment",) if outgoing.kind == "photos" else INTERACTIONS:
        if one in creator.off and options.get(f"allow_{one}") == YES:
            raise Rejected(f"options.allow_{one}", "interaction_off")
    for place, media in enumerate(outgoing.media):
        if creator.longest and media.duration > creator.longest + A_MOMENT:
            params = {"seconds": round(media.duration), "limit": creator.longest}
            raise Rejected(f"media.{place}", "longer_than_account", params=params)
