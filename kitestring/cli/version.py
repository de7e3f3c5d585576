"""Which Kitestring this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def running_version() -> str:
    """The installed version; a checkout that is not installed says so."""
    try:
        return version("kitestring")
    except PackageNotFoundError:
        return "checkout"
