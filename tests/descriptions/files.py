"""Finds a vendor's description below KITESTRING_SPECS; without it the test is skipped, and says ABSENT."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def description_file(name: str) -> Path:
    """The file `name` ("discord/openapi-v10.json"), which is never part of this project."""
    home = os.environ.get("KITESTRING_SPECS", "")
    path = Path(home) / name
    if not home or not path.exists():
        pytest.skip(f"ABSENT: the vendor's description {name} (KITESTRING_SPECS)")
    return path
