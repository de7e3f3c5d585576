"""The house the simulator plays in, and where its figures go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.chaos.house import House, simulated
from tests.chaos.report import NAME
from tests.chaos.tally import Tally
from tests.world import World


@pytest.fixture
def house(world: World, move_clock: Callable[[timedelta], None], tmp_path: Path) -> Iterator[House]:
    with simulated(world, tmp_path) as found:
        yield found


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Iterator[Tally]:
    """Counts the cases of one test; the run's last lines add them up."""
    found = Tally()
    yield found
    record_property(NAME, found.figures())
