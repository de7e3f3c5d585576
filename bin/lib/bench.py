"""Lists the benchmarks with their promises, or runs one and holds it to its last line.

A benchmark is `benchmarks/NAME.py`: its docstring's first line is the promise it measures; run as a program it prints
its table and, last, `NAME key=value key=value ...` with numbers as values. It never fails on a figure: it prints the
ratio to its limit, and a person (or the history) judges.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "benchmarks"


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def promise(name: str) -> str:
    """The first line of the benchmark's docstring."""
    said = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text("utf-8"))) or ""
    return said.partition("\n")[0]


def closes_well(name: str, last: str) -> bool:
    """Whether the line is `NAME key=number key=number ...`."""
    pair = r" [a-z][a-z0-9_]*=-?[0-9.]+(?:e-?[0-9]+)?"
    return re.fullmatch(rf"{re.escape(name)}(?:{pair})+", last) is not None


def run(name: str, arguments: list[str]) -> int:
    """Run one benchmark, pass its lines on as they come, and check the last."""
    program = subprocess.Popen(
        [sys.executable, str(FOLDER / f"{name}.py"), *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    last = ""
    for line in program.stdout or ():
        sys.stdout.write(line)
        sys.stdout.flush()
        last = line.strip() or last
    status = program.wait()
    if status == 0 and not closes_well(name, last):
        sys.stderr.write(
            f"bin/bench: the last line of {name} must be `{name} key=number ...`, it was: {last}\n"
        )
        return 1
    return status


def main() -> int:
    if len(sys.argv) == 1:
        for name in names():
            sys.stdout.write(f"{name:18} {promise(name)}\n")
        return 0
    name = sys.argv[1]
    if name not in names():
        sys.stderr.write(f"bin/bench: there is no benchmarks/{name}.py; there are: {', '.join(names())}\n")
        return 2
    return run(name, sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
