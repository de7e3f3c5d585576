"""Which Kitestring this is."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version


def running_version() -> str:
    """The installed version; a checkout that is not installed says so."""
    try:
        return version("kitestring")
    except PackageNotFoundError:
        return "checkout"


def is_newer(made_by: str) -> bool:
    """Whether a version is later than the running one; False where one of the two is no version."""
    theirs, ours = _numbers(made_by), _numbers(running_version())
    return bool(theirs and ours) and theirs > ours


def _numbers(version: str) -> list[int]:
    """The release's numbers, `1.10.0` as `1.10`; what follows them (`rc1`, `.dev3`) is not compared."""
    found = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0 and len(numbers) > 1:
        numbers.pop()
    return numbers
