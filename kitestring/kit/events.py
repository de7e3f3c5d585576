"""Tells higher rooms that something happened, without knowing them: one job per subscriber, in the same transaction.

A subscriber is a task name. Handlers take the event's fields, may run twice, and must not mind. What an emptied job
table lost is found again by the subscriber's own sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kitestring.kit.jobs import enqueue

_subscribers: dict[str, list[str]] = {}
Listener = Callable[[str, dict[str, Any]], None]


def name_of(event: type) -> str:
    """ "composing.PostEdited" for the class PostEdited in kitestring.domains.composing.events."""
    return f"{event.__module__.split('.')[-2]}.{event.__name__}"


def subscribe(event: type, task: str) -> None:
    """Have `task` run for every `event`. Called where the task is registered, at import."""
    tasks = _subscribers.setdefault(name_of(event), [])
    if task not in tasks:
        tasks.append(task)


def announce(event: object) -> None:
    """Write one job per subscriber with the event's fields as JSON-able arguments; many ids are one text (see `ids_in`)."""
    if not is_dataclass(event) or isinstance(event, type):
        raise TypeError("An event is a frozen dataclass.")
    values = {field.name: _plain(getattr(event, field.name)) for field in fields(event)}
    for task in _subscribers.get(name_of(type(event)), ()):
        enqueue(task, **values)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        plain = [_plain(one) for one in value]
        # Ids as one text: hundreds that are quoted would each be escaped twice on their way into a job.
        return " ".join(plain) if value and isinstance(value[0], UUID) else plain
    return value


def ids_in(told: str | Sequence[str]) -> list[UUID]:
    """The ids that an event's field told a handler; a list of texts is what older jobs hold."""
    return [UUID(one) for one in (told.split() if isinstance(told, str) else told)]
