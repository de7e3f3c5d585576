"""Writes THIRD_PARTY_NOTICES.md: what Kitestring is installed with, and the licence of what it ships inside.

Python packages come from the lock, read from .venv by pip-licenses; the browser's packages from package-lock.json, as
far as our sources reach. `--check` says whether the file is current. Licences nobody may combine with ours fail.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "THIRD_PARTY_NOTICES.md"
FRONTEND = ROOT / "frontend"
TOOLS = {"vite", "typescript", "tailwindcss", "@tailwindcss/vite"}
PIN = re.compile(r"^([A-Za-z0-9][^\\]*?==[^\\]*?)\s*\\?$", re.MULTILINE)
# Licences that would bind the whole; the lesser ones (LGPL, MPL) leave a program that only imports them free.
REFUSED = re.compile(r"(?<!L)(?:A?GPL|General Public License)(?! ?.*exception)", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser|Library General", re.IGNORECASE)
MIT = """(The package carries no text of its licence; this is the licence it names.)

MIT License

Copyright (c) {holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""
HEAD = """# Third-party notices

Made by `bin/notices` from the locks; do not edit by hand.

Kitestring itself is under the Apache License 2.0 (see LICENSE). Installing it brings the packages below, each under its own
licence. Python packages are installed beside it and are not part of its wheel; the browser's packages and fonts of the second
part are built into it, and their licences are given in full.

The package imageio-ffmpeg brings the program FFmpeg, a build under the GNU General Public License, version 3 or later (`ffmpeg
-L` prints its terms; the source is FFmpeg's own). Kitestring runs it as a program of its own, neither contains it nor is linked
with it; `KITESTRING_FFMPEG` puts another ffmpeg in its place.
"""


@dataclass(frozen=True, order=True)
class Package:
    name: str
    version: str
    licence: str
    home: str


def locked() -> dict[str, str]:
    """Name and version of what the runtime lock installs on this platform."""
    found: dict[str, str] = {}
    for line in PIN.findall((ROOT / "requirements.lock").read_text("utf-8")):
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate():
            found[canonicalize_name(wanted.name)] = str(wanted.specifier).removeprefix("==")
    return found


def python_packages() -> list[Package]:
    """The runtime packages with their licences, as the packages themselves declare them."""
    tool = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--with-urls"]
    said = json.loads(subprocess.run(tool, check=True, capture_output=True, text=True).stdout)
    rows: dict[str, dict[str, str]] = {canonicalize_name(row["Name"]): row for row in said}
    wanted = locked()
    missing = sorted(set(wanted) - set(rows))
    if missing:
        raise SystemExit(f"Not installed in .venv: {', '.join(missing)}")
    return sorted(Package(n, v, _licence(n, rows[n]["License"]), rows[n]["URL"]) for n, v in wanted.items())


def _licence(name: str, said: str) -> str:
    """What a package declares; where that says nothing, the first line of its licence file."""
    if said not in {"UNKNOWN", "License", ""}:
        return " ".join(said.split())
    for file in metadata.files(name) or ():
        if re.search(r"licen[sc]e|copying", file.name, re.IGNORECASE):
            path = Path(str(file.locate()))
            return path.read_text("utf-8").strip().partition("\n")[0]
    return "not stated"


def browser_packages() -> list[Package]:
    """The npm packages our sources reach, with what those need in turn."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    edge = [name for name in sorted(_imported()) if f"node_modules/{name}" in lock]
    reached: dict[str, Package] = {}
    while edge:
        name = edge.pop()
        entry = lock.get(f"node_modules/{name}")
        if entry is None or name in reached:
            continue
        reached[name] = Package(name, entry["version"], entry.get("license", "not stated"), f"npm: {name}")
        edge.extend(entry.get("dependencies", {}))
    return sorted(reached.values())


def _imported() -> set[str]:
    """Packages of package.json that our sources and build steps name; the build tools themselves are left out."""
    declared = json.loads((FRONTEND / "package.json").read_text("utf-8"))
    names = {*declared.get("dependencies", {}), *declared.get("devDependencies", {})} - TOOLS
    said = "".join(
        path.read_text("utf-8")
        for folder in ("src", "build")
        for path in sorted((FRONTEND / folder).rglob("*"))
        if path.suffix in {".ts", ".js", ".mjs", ".css"}
    )
    return {name for name in names if name in said}


def licence_text(name: str) -> str:
    """The licence file in an installed npm package."""
    folder = FRONTEND / "node_modules" / name
    for path in sorted(folder.glob("*")):
        if re.match(r"licen[sc]e|ofl|copying", path.name, re.IGNORECASE) and path.is_file():
            return path.read_text("utf-8").strip()
    said = json.loads((folder / "package.json").read_text("utf-8"))
    author = said.get("author", "")
    author = author.get("name", "") if isinstance(author, dict) else author
    if said.get("license") == "MIT":
        return MIT.format(holder=author or f"the authors of {name}")
    raise SystemExit(
        f"{name} carries no text of its licence ({said.get('license')}): add it to bin/lib/notices.py."
    )


def refused(packages: list[Package]) -> list[Package]:
    """The packages whose licence cannot be combined with an Apache-2.0 program that imports them."""
    return [p for p in packages if REFUSED.search(p.licence) and not LESSER.search(p.licence)]


def document() -> str:
    python, browser = python_packages(), browser_packages()
    bad = refused([*python, *browser])
    if bad:
        told = ", ".join(f"{p.name} {p.version} ({p.licence})" for p in bad)
        raise SystemExit(f"Licences that cannot stand beside Apache-2.0: {told}. Choose another package.")
    parts = [
        HEAD,
        "## Python packages\n",
        _table(python),
        "## In the wheel: the browser's packages and fonts\n",
    ]
    parts.append(_table(browser))
    for package in browser:
        text = "\n".join("    " + line if line else "" for line in licence_text(package.name).splitlines())
        parts.append(f"### {package.name} {package.version}\n\n{text}\n")
    return "\n".join(parts)


def _table(packages: list[Package]) -> str:
    rows = [f"| {p.name} | {p.version} | {p.licence} | {p.home} |" for p in packages]
    return "\n".join(["| package | version | licence | home |", "|---|---|---|---|", *rows, ""])


def main() -> int:
    made = document()
    if "--check" not in sys.argv:
        TARGET.write_text(made, "utf-8")
        sys.stdout.write(f"{TARGET.name} written ({sysconfig.get_platform()}).\n")
        return 0
    if not TARGET.exists() or TARGET.read_text("utf-8") != made:
        sys.stdout.write(f"{TARGET.name} is not current: run bin/notices.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
