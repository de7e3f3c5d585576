"""`kitestring demo`: fills this instance with the demo world if it is not there, and says who can sign in."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from unicodedata import east_asian_width

from kitestring.cli.database import reachable
from kitestring.cli.instance import SETTINGS, Instance
from kitestring.cli.migrate import migrate
from kitestring.cli.trouble import CommandFailed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--empty", action="store_true", help="delete the demo world again; other workspaces are not touched"
    )


def run(arguments: argparse.Namespace) -> int:
    """Raises CommandFailed while the instance is running: the sandbox would write over what is written here."""
    instance = Instance()
    # What an earlier run noted is enough to greet with: a second start need not open the database twice.
    if not arguments.empty and (noted := _noted(instance)).exists():
        _greet(json.loads(noted.read_text("utf-8")))
        return 0
    instance.make_folders()
    instance.make_secrets()
    print("Starting the database ...", flush=True)
    with reachable(instance) as url:
        os.environ.update(instance.surroundings(url))
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        print("Bringing the tables up to date ...", flush=True)
        migrate(url)
        importlib.import_module("django").setup()
        # Loaded by name and late: models can be imported only now.
        fill = importlib.import_module("kitestring.sandbox.seed.fill")
        try:
            return _empty(fill, instance) if arguments.empty else _fill(fill, instance)
        except fill.SandboxRuns as error:
            raise CommandFailed(
                "The demo is running. Nothing was changed. Stop it (Ctrl-C where it runs), then try again."
            ) from error


def _noted(instance: Instance) -> Path:
    return instance.home / "sandbox" / "logins"


def _fill(fill: ModuleType, instance: Instance) -> int:
    if not fill.is_there():
        print("Writing the demo world, once:", flush=True)
        begun = time.monotonic()
        fill.fill(instance.home, say=lambda stage: print(f"  {stage} ...", flush=True))
        print(f"Written in {time.monotonic() - begun:.0f} s.\n")
    logins = [asdict(login) for login in fill.logins()]
    _noted(instance).write_text(json.dumps(logins, ensure_ascii=False), "utf-8")
    _greet(logins)
    return 0


def _greet(logins: list[dict[str, str]]) -> None:
    print(
        f"Sign in as one of these; the password of all is {logins[0]['password']}, and all see both brands."
    )
    for login in logins:
        # What an earlier version noted has no language.
        known = {"language": ""} | login
        cells = (("email", 20), ("role", 12), ("language", 12))
        print("  " + " ".join(_wide(known[key], width) for key, width in cells) + " " + known["name"])


def _wide(text: str, width: int) -> str:
    """Filled up to so many places of a terminal, where a Chinese letter takes two."""
    return text + " " * (width - sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text))


def _empty(fill: ModuleType, instance: Instance) -> int:
    gone = fill.empty(instance.home)
    _noted(instance).unlink(missing_ok=True)
    print("The demo world is gone." if gone else "There is no demo world here.")
    return 0
