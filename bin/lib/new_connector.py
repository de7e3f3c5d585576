"""Makes a channel's folder: a small imagined API with its emulator, and five places where code is to be written.

Usage: new_connector.py SLUG [NAME]
"""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKELETON = Path(__file__).with_name("skeleton")
NEXT = """{folder} is there, with an imagined API. Now, in this order:
  1. manifest.toml   the channel's real limits, hosts and metrics, each with its source and the day you read it
  2. emulator.py     answers as the vendor's documents say
  3. client.py, auth.py, publishing.py, then inbox.py and metrics.py: where NotWritten is raised
     (delete a file for a power the channel lacks)
  4. quality.toml    what is done, and what is not, with the reason: the tier is "none" until then, and
     bin/quality --write {slug} says which follows
Red where code is to be written: .venv/bin/python -m pytest {folder} tests/conformance -k {slug}
Read: docs/contributors/a-connector-in-an-hour.md
"""


class Refused(ValueError):
    """What was asked for cannot be made; the message says why."""


def make(slug: str, name: str, home: Path, package: str = "kitestring.connectors") -> Path:
    """Write the folder `home/slug`, to be imported as `package.slug` ("" = `slug`), and return it.

    Raises Refused and then writes nothing.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", slug) or keyword.iskeyword(slug):
        raise Refused(
            f"{slug!r} is no slug: lower-case letters, digits and _, a letter first, 2 to 40 of them."
        )
    if not name.strip() or any(sign in name for sign in '"\\\n{}<>'):
        raise Refused(f"{name!r} is no name a person would read: no quotes, brackets or backslashes, please.")
    folder = home / slug
    if folder.exists():
        raise Refused(f"{folder} is there already; nothing was changed.")
    for source in sorted(SKELETON.rglob("*.in")):
        target = folder / source.relative_to(SKELETON).with_suffix("")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text("utf-8").replace("__PACKAGE__", f"{package}.{slug}".lstrip("."))
        text = text.replace("__SLUG__", slug).replace("__NAME__", name.strip())
        target.write_text(text, "utf-8")
    return folder


def main() -> int:
    if len(sys.argv) not in (2, 3):
        sys.stderr.write('Usage: bin/new-connector SLUG ["Name"]\n')
        return 2
    name = sys.argv[2] if len(sys.argv) == 3 else sys.argv[1].replace("_", " ").title()
    try:
        folder = make(sys.argv[1], name, ROOT / "kitestring" / "connectors")
    except Refused as reason:
        sys.stderr.write(f"bin/new-connector: {reason}\n")
        return 1
    sys.stdout.write(NEXT.format(folder=folder.relative_to(ROOT), slug=sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
