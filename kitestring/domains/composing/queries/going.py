"""What becomes of each file of a post on each of its accounts, in words, those alike together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from kitestring.domains.composing.queries.desk import Side
from kitestring.domains.library.rules.going import told


@dataclass
class Goes:
    """`words` hold on `names`, the channels; `untouched`: the file goes there as it is."""

    words: str
    untouched: bool
    names: list[str] = field(default_factory=list)


def going_of(sides: Iterable[Side]) -> dict[UUID, list[Goes]]:
    """By the file's id; a channel that takes no files here has its problem already, and nothing beside it."""
    found: dict[UUID, dict[str, Goes]] = {}
    for side in sides:
        if side.kind.media is None or not side.kind.media.count:
            continue
        for one in side.pictures:
            words = told(one.asset, one.asset.name, one)
            of_file = found.setdefault(one.asset.pk, {})
            goes = of_file.setdefault(words, Goes(words, untouched=not one.steps))
            if side.name not in goes.names:
                goes.names.append(side.name)
    return {asset: list(of_file.values()) for asset, of_file in found.items()}
