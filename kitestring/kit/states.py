"""Work as a row with a declared state graph: an arrow that was not declared is an error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class UndeclaredArrow(Exception):
    """Somebody tried to move a row along an arrow the graph does not have."""


@dataclass(frozen=True)
class Arrow:
    """`event` moves a row from `source` to one of `targets`."""

    source: str
    event: str
    targets: tuple[str, ...]


class Graph:
    """States and arrows; checked when it is made: one start, no stray names, every state reachable."""

    def __init__(self, start: str, states: Iterable[str], arrows: Iterable[Arrow]) -> None:
        self.start = start
        self.states = tuple(states)
        self.arrows = tuple(arrows)
        self._pairs = frozenset((a.source, target) for a in self.arrows for target in a.targets)
        known = set(self.states)
        for arrow in self.arrows:
            stray = {arrow.source, *arrow.targets} - known
            if stray:
                raise ValueError(f"Arrow {arrow.event!r} names unknown states: {sorted(stray)}")
        if start not in known:
            raise ValueError(f"Start state {start!r} is unknown")
        lost = known - self._reachable()
        if lost:
            raise ValueError(f"No arrow leads to: {sorted(lost)}")

    def _reachable(self) -> set[str]:
        reached, edge = {self.start}, [self.start]
        while edge:
            here = edge.pop()
            for arrow in self.arrows:
                if arrow.source == here:
                    fresh = set(arrow.targets) - reached
                    reached |= fresh
                    edge.extend(fresh)
        return reached

    def allows(self, source: str, target: str) -> bool:
        return (source, target) in self._pairs

    def sources(self, target: str) -> tuple[str, ...]:
        """The states a row may be in to move to `target`, for `UPDATE ... WHERE state IN`."""
        return tuple(dict.fromkeys(a.source for a in self.arrows if target in a.targets))

    def check(self, source: str, target: str) -> None:
        if not self.allows(source, target):
            raise UndeclaredArrow(f"{source} -> {target} is not declared")

    def mermaid(self) -> str:
        """The graph as a Mermaid state diagram, for the docs."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        lines += [f"    {a.source} --> {t}: {a.event}" for a in self.arrows for t in a.targets]
        return "\n".join(lines)
