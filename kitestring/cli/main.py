"""Reads the command line and hands over to the one subcommand that was asked for."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from kitestring.cli.trouble import CommandFailed
from kitestring.cli.version import running_version
from kitestring.kit.postgres.trouble import Trouble

COMMANDS = {
    "up": "start the whole instance here: database, web pages and worker",
    "worker": "run one more worker on the database of an instance",
    "demo": "fill this instance with the demo world, or empty it of it",
    "doctor": "say in words what is wrong with this instance and what to do",
    "backup": "write database and media into one file",
    "restore": "bring a backup back",
    "manage": "run one of Django's own commands (for contributors)",
}


class Command(Protocol):
    """What a subcommand's file offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


def load(name: str) -> Command:
    return cast(Command, importlib.import_module(f"kitestring.cli.{name}"))


def main(words: Sequence[str] | None = None) -> int:
    """Run `kitestring WORDS` and return its exit code: 0 well, 1 trouble, 2 wrongly asked."""
    given = list(sys.argv[1:] if words is None else words)
    chosen = next((word for word in given if not word.startswith("-")), None)
    parser = argparse.ArgumentParser(
        prog="kitestring", description="A workbench for people who run social media."
    )
    parser.add_argument("--version", action="version", version=f"Kitestring {running_version()}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=purpose, description=purpose, add_help=name != "manage")
        if name == chosen:
            load(name).add_arguments(subparser)
    # Everything after `manage` is Django's, options too.
    if chosen == "manage":
        return load("manage").run(argparse.Namespace(words=given[given.index("manage") + 1 :]))
    arguments = parser.parse_args(given)
    try:
        return load(arguments.command).run(arguments)
    except (Trouble, CommandFailed) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
