"""How much a run lays, how fast, and what happens when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

RATE: Final = 14.0  # deliveries a second
Story = Iterator[float]  # a trouble, step by step; each step says how many seconds to wait before the next
Telling = tuple[str, Callable[[], Story]]


@dataclass
class Script:
    """`stories`: (seconds after the first wave, name, story)."""

    deliveries: int
    rate: float = RATE
    stories: list[tuple[float, str, Callable[[], Story]]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.deliveries / self.rate
