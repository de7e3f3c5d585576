"""Makes the checkout importable in its own .venv and puts the `kitestring` command there; needs no network.

A path file instead of an editable install: that would need the build backend at run time.
"""

from __future__ import annotations

import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = """#!/bin/sh
exec "$(dirname "$0")/python" -c 'import sys; from kitestring.cli.main import main; sys.exit(main())' "$@"
"""


def main() -> None:
    (Path(sysconfig.get_path("purelib")) / "kitestring-checkout.pth").write_text(f"{ROOT}\n", "utf-8")
    command = Path(sysconfig.get_path("scripts")) / "kitestring"
    command.write_text(COMMAND, "utf-8")
    command.chmod(0o755)


if __name__ == "__main__":
    main()
