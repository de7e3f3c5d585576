"""What is loaded is looked through no more, and rubbish still is."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from kitestring.kit.heap import YOUNG, settle


class Ring:
    """Something that refers to itself, which only the collector can free."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


@pytest.mark.usefixtures("as_before")
def test_what_is_there_is_set_apart() -> None:
    settle()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] == YOUNG
    ring = weakref.ref(Ring())
    gc.collect()
    assert ring() is None
