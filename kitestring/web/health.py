"""How this instance is, for a load balancer, a watchman and `doctor`: what is active and what is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kitestring.connectorkit.registry import connectors
from kitestring.kit.pulse import heartbeat_age, jobs_due, pending_migrations

KEEP: Final = 3.0  # seconds
KEPT_AS: Final = "health"
STALE: Final = timedelta(seconds=60)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served; 503 with the reason when not. The worker's absence is said, not fatal.

    Anybody may ask, so an answer serves for some seconds: asking is cheap however often it is done.
    """
    told = cache.get(KEPT_AS)
    if told is None:
        told = _look()
        cache.set(KEPT_AS, told, KEEP)
    serving = told["database"] and not told["migrations_pending"]
    return JsonResponse(told, status=200 if serving else 503)


def _look() -> dict[str, Any]:
    wrong: list[str] = []
    found: dict[str, Any] = {"database": False, "worker": None, "jobs_due": None, "migrations_pending": None}
    try:
        found |= _database()
    except DatabaseError:
        wrong.append("database")
    if found["migrations_pending"]:
        wrong.append("migrations")
    if found["database"] and not (found["worker"] or {}).get("alive"):
        wrong.append("worker")
    found["active"] = {
        "channels": len(connectors()),
        "mail": settings.MAIL_IS_ON,
        "demo": settings.DEMO,
    }
    return {"ok": not wrong, "wrong": wrong, **found}


def _database() -> dict[str, Any]:
    pending = pending_migrations()
    found: dict[str, Any] = {"database": True, "migrations_pending": pending}
    if pending:
        return found
    age = heartbeat_age()
    found["worker"] = {
        "alive": age is not None and age < STALE.total_seconds(),
        "heartbeat_age_seconds": None if age is None else round(age, 1),
    }
    found["jobs_due"] = jobs_due()
    return found
