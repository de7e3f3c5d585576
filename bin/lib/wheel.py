"""Packs the wheel and looks into it: one that lacks a file of the tree, or holds what no user needs, is not kept.

wheel.py FOLDER   needs built assets and compiled catalogues (bin/wheel makes them). Exits 1 with every fault named.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "kitestring"
STATIC = "kitestring/ui/static/ui/"
# Sources of what is shipped made, and what running leaves behind.
LEFT_OUT = {".po", ".pyc", ".part"}
NEVER = {"tests", "conftest.py", "node_modules", "__pycache__"}
SIGNED = ("LICENSE", "NOTICE", "THIRD_PARTY_NOTICES.md")


def build(folder: Path) -> Path:
    """The new wheel in `folder`. Raises `SystemExit` with the builder's words, or with all faults."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as here:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", here]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"The wheel could not be built:\n{done.stdout}{done.stderr}")
        made = next(Path(here).glob("*.whl"))
        found = list(faults(made))
        if found:
            raise SystemExit("The wheel is not whole:\n" + "\n".join(f"  {fault}" for fault in found))
        return made.replace(folder / made.name)


def faults(wheel: Path) -> Iterator[str]:
    """What is wrong with a wheel, a sentence each."""
    with ZipFile(wheel) as packed:
        names = set(packed.namelist())
        built = json.loads(packed.read(STATIC + "manifest.json")) if STATIC + "manifest.json" in names else {}
    yield from missing(names, [*of_the_tree(), *of_the_build(built), *made_of_catalogues()])
    yield from needless(names)
    if not built:
        yield "the assets' manifest.json is not in it or is empty: the pages would come without style"
    signed = {PurePosixPath(name).name for name in names if ".dist-info/licenses/" in name}
    yield from (f"{name} is not among its licences" for name in SIGNED if name not in signed)


def missing(names: set[str], wanted: Iterable[str]) -> Iterator[str]:
    return (f"{name} is not in it" for name in sorted(set(wanted) - names))


def needless(names: Iterable[str]) -> Iterator[str]:
    for name in sorted(names):
        path = PurePosixPath(name)
        ours = path.parts[0] == "kitestring" or path.parts[0].endswith(".dist-info")
        if not ours or NEVER & set(path.parts) or path.suffix in LEFT_OUT:
            yield f"{name} is in it and should not be"


def of_the_tree() -> Iterator[str]:
    """Every file of the package a user needs: code, templates, manifests, icons, fonts, the sandbox's world."""
    for path in PACKAGE.rglob("*"):
        if path.is_file() and path.suffix not in LEFT_OUT and not NEVER & set(path.relative_to(ROOT).parts):
            yield path.relative_to(ROOT).as_posix()


def of_the_build(manifest: dict[str, dict[str, object]]) -> Iterator[str]:
    """The files that Vite's manifest promises to the pages."""
    for entry in manifest.values():
        for key in ("file", "css", "assets"):
            found = entry.get(key, [])
            for name in found if isinstance(found, list) else [found]:
                yield STATIC + str(name)


def made_of_catalogues() -> Iterator[str]:
    for path in PACKAGE.glob("locale/*/LC_MESSAGES/*.po"):
        yield path.with_suffix(".mo").relative_to(ROOT).as_posix()


def main() -> int:
    made = build(Path(sys.argv[1]))
    with ZipFile(made) as packed:
        count = len(packed.namelist())
    sys.stdout.write(f"{made}  {made.stat().st_size / 1e6:.1f} MB, {count} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
