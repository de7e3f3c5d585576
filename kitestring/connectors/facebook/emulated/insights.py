"""Insights of posts and of the Page, refused by name where Meta has retired the name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.facebook.emulated.world import PAGE_METRICS, POST_METRICS, World
from kitestring.providers.meta.emulated.refusals import Refusal
from kitestring.providers.meta.emulated.requests import Told

PERIODS = {"day", "days_28", "lifetime", "month", "total_over_range", "week"}


def asked(told: Told, known: set[str]) -> list[str]:
    names = [name for name in told["metric"].split(",") if name]
    if not names:
        raise Refusal(3001, "Invalid query", subcode=1504028, user="No Metric Specified.")
    if not set(names) <= known:
        raise Refusal(100, "(#100) The value must be a valid insights metric")
    if told["period"] and told["period"] not in PERIODS:
        raise Refusal(100, "(#100) period must be one of the values of its enumeration")
    return names


def of_post(world: World, item: Item, told: Told) -> list[dict[str, Any]]:
    views = item.counts.get("views", 0)
    numbers = {
        "post_media_view": views,
        "post_total_media_view_unique": views * 4 // 5,
        "post_clicks": item.counts.get("clicks", 0),
        "post_video_views": views,
    }
    return [
        {
            "name": name,
            "period": "lifetime",
            "values": [{"value": numbers[name]}],
            "title": name.replace("_", " ").title(),
            "description": "",
            "id": f"{item.id}/insights/{name}/lifetime",
        }
        for name in asked(told, POST_METRICS)
    ]


def of_page(world: World, page_id: str, told: Told) -> list[dict[str, Any]]:
    """Two days; the newest counts. What nobody has told the platform is not there, as with a small Page."""
    known = world.platform.numbers(page_id)
    keys = {
        "page_follows": "followers",
        "page_media_view": "views",
        "page_total_media_view_unique": "reach",
        "page_views_total": "profile_views",
    }
    now = world.platform.clock()
    days = [(now - timedelta(days=back)).strftime("%Y-%m-%dT07:00:00+0000") for back in (1, 0)]
    return [
        {
            "name": name,
            "period": "day",
            "values": [{"value": 0, "end_time": days[0]}, {"value": known[keys[name]], "end_time": days[1]}],
            "title": name.replace("_", " ").title(),
            "description": "",
            "id": f"{page_id}/insights/{name}/day",
        }
        for name in asked(told, PAGE_METRICS)
        if keys[name] in known
    ]
