"""Numbers as LinkedIn gives them: a post nobody saw or did anything with is left out.

Source: learn.microsoft.com/linkedin: Organization Share Statistics, Organization Page Statistics.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from kitestring.connectors.linkedin.emulated.world import World


class Statistics:
    def __init__(self, world: World) -> None:
        self.world, self.platform = world, world.platform

    def shares(self, page: str, wanted: str) -> list[dict[str, Any]]:
        names = unquote(wanted).removeprefix("List(").removesuffix(")").split(",")
        found = []
        for name in names:
            item = self.platform.items.get(name)
            if item is None or item.extra.get("actor") != page:
                continue
            counts = item.counts
            told = {
                "impressionCount": counts.get("views", 0),
                "uniqueImpressionsCount": counts.get("reach", counts.get("views", 0)),
                "clickCount": counts.get("clicks", 0),
                "likeCount": counts.get("likes", 0),
                "commentCount": len(self.platform.comments(item.id)),
                "shareCount": counts.get("reposts", 0),
                "engagement": 0.0,
            }
            if any(told.values()):
                found.append({"share": name, "organizationalEntity": page, "totalShareStatistics": told})
        return found

    def page(self, page: str) -> dict[str, Any]:
        views = self.platform.numbers(page).get("profile_views", 0)
        return {
            "organization": page,
            "totalPageStatistics": {"views": {"allPageViews": {"pageViews": views}}},
        }
