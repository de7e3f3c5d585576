"""Templates rendered without a database: the interface knows no domain."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.template import engines
from django.utils import translation
from jinja2 import Environment


@pytest.fixture
def env() -> Environment:
    """The environment of all pages, as Django builds it."""
    return engines["pages"].env


@pytest.fixture
def draw(env: Environment) -> Callable[..., str]:
    """Render a snippet of template with the given names."""
    return lambda text, **names: env.from_string(text).render(**names)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield
