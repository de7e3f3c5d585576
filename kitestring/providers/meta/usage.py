"""How long to wait, by the headers in which the Graph API tells how much of an allowance is used.

X-Business-Use-Case-Usage: {"<id>": [{"call_count": 100, ..., "estimated_time_to_regain_access": 12}]}, in minutes.
X-App-Usage, X-Page-Usage: {"call_count": 28, "total_time": 25, "total_cputime": 25}, in per cent; no time is told.
Source: developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kitestring.connectorkit.calls import retry_after

FULL: Final = 100
ROLLING: Final = 3600.0  # an app's own window is an hour: asked again after a while of it
A_WHILE: Final = ROLLING / 12


def wait(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait; None when nothing is said. Retry-After goes first."""
    if (told := retry_after(headers)) is not None:
        return told
    minutes = [
        float(row.get("estimated_time_to_regain_access") or 0)
        for row in _cases(headers)
        if isinstance(row.get("estimated_time_to_regain_access"), int | float)
    ]
    if any(minutes):
        return max(minutes) * 60
    return A_WHILE if most_used(headers) >= FULL else None


def most_used(headers: Mapping[str, str]) -> float:
    """The fullest of all allowances told, in per cent; 0 when none is."""
    rows = [*_cases(headers), _opened(headers.get("x-app-usage")), _opened(headers.get("x-page-usage"))]
    shares = [
        float(row[name])
        for row in rows
        for name in ("call_count", "total_time", "total_cputime")
        if isinstance(row.get(name), int | float)
    ]
    return max(shares, default=0.0)


def _cases(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for rows in _opened(headers.get("x-business-use-case-usage")).values():
        if isinstance(rows, list):
            yield from (row for row in rows if isinstance(row, dict))


def _opened(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
