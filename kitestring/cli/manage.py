"""`kitestring manage ...`: Django's own commands on the database of this instance, for contributors."""

from __future__ import annotations

import argparse
import os

from django.core.management import execute_from_command_line

from kitestring.cli.database import reachable
from kitestring.cli.instance import SETTINGS, Instance
from kitestring.kit.postgres.engine import wheel_engine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs=argparse.REMAINDER, help="the command and its arguments")


def run(arguments: argparse.Namespace) -> int:
    instance = Instance()
    instance.make_folders()
    instance.make_secrets()
    with reachable(instance) as url:
        os.environ.update(instance.surroundings(url))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        # For `dbshell`: psql of the same version as the server.
        os.environ["PATH"] = f"{wheel_engine().tool('psql').parent}{os.pathsep}{os.environ.get('PATH', '')}"
        execute_from_command_line(["kitestring manage", *arguments.words])
    return 0
