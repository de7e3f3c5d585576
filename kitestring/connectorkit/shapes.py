"""What an answer must be made of before it is believed.

A list that is not there is not an empty list: who reads it so says "nothing of ours is there", and the post goes out
a second time. Every look and every page of comments reads its answer by these.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from kitestring.connectorkit.errors import RetryLater

log = logging.getLogger(__name__)
T = TypeVar("T")


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


def sound(found: Iterable[Any], *needed: str) -> list[dict[str, Any]]:
    """The objects among them that have something at each of `needed` ("author.id" is a path), the others told in the log.

    For what people wrote: one row that nobody can make anything of must not keep the others' words out.
    """
    every = list(found)
    kept = [dict(row) for row in every if all(_at(row, path.split(".")) is not None for path in needed)]
    if len(kept) < len(every):
        log.warning("%s of %s rows were left out: they lack %s", len(every) - len(kept), len(every), needed)
    return kept


def each(found: Iterable[Any], make: Callable[[Any], T | None]) -> list[T]:
    """What `make` makes of each of them; one that it stumbles over is left out, with a word in the log, and so is None."""
    kept = list[T]()
    for row in found:
        try:
            made = make(row)
        except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
            log.warning("a row was left out: %s: %s", type(error).__name__, error)
            continue
        if made is not None:
            kept.append(made)
    return kept


def odd(body: Any) -> RetryLater:
    """The channel, or what stands before it, answered in a shape that is not its own: asked again later."""
    return RetryLater("not_itself", said=str(body)[:200])


def _at(body: Any, path: Sequence[str]) -> Any:
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body
