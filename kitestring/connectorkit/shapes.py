"""What an answer must be made of before it is believed.

A list that is not there is not an empty list: who reads it so says "nothing of ours is there", and the post goes out
a second time. Every look and every page of comments reads its answer by these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit.errors import RetryLater


def told(body: Any, *path: str) -> Mapping[str, Any]:
    """The object that stands there at `path`. Raises RetryLater("not_itself") where the answer has none."""
    found = _at(body, path)
    if not isinstance(found, Mapping):
        raise odd(body)
    return found


def listed(body: Any, *path: str) -> list[Any]:
    """The list that stands there at `path`. Raises RetryLater("not_itself") where the answer has none."""
    found = _at(body, path)
    if not isinstance(found, list):
        raise odd(body)
    return found


def rows(body: Any, *path: str) -> list[Mapping[str, Any]]:
    """The list of objects that stands there at `path`. Raises RetryLater("not_itself") where there is anything else."""
    found = listed(body, *path)
    if not all(isinstance(row, Mapping) for row in found):
        raise odd(body)
    return found


def odd(body: Any) -> RetryLater:
    """The channel, or what stands before it, answered in a shape that is not its own: asked again later."""
    return RetryLater("not_itself", said=str(body)[:200])


def _at(body: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body
