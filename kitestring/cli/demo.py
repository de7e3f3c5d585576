"""`kitestring demo`: fills this instance with the demo world if it is not there, and says who can sign in."""

from __future__ import annotations

import argparse
import importlib
import os
import time

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
    instance.make_folders()
    instance.make_secrets()
    with reachable(instance) as url:
        os.environ.update(instance.surroundings(url))
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        migrate(url)
        importlib.import_module("django").setup()
        fill = importlib.import_module("kitestring.sandbox.seed.fill")
        try:
            return _empty(fill, instance) if arguments.empty else _fill(fill, instance)
        except fill.SandboxRuns as error:
            raise CommandFailed(
                "The demo is running. Nothing was changed. Stop it (Ctrl-C where it runs), then try again."
            ) from error


def _fill(fill: object, instance: Instance) -> int:
    if not fill.is_there():  # type: ignore[attr-defined]
        print("Writing the demo world ...", flush=True)
        begun = time.monotonic()
        fill.fill(instance.home)  # type: ignore[attr-defined]
        print(f"Written in {time.monotonic() - begun:.1f} s.")
    print("Sign in as:")
    for login in fill.logins():  # type: ignore[attr-defined]
        print(f"  {login.email:22} {login.password}   {login.role:12} {login.name}")
    return 0


def _empty(fill: object, instance: Instance) -> int:
    gone = fill.empty(instance.home)  # type: ignore[attr-defined]
    print("The demo world is gone." if gone else "There is no demo world here.")
    return 0
