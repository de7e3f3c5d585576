"""`kitestring manage ...`: Django's own commands on the database of this instance, for contributors."""

from __future__ import annotations

import argparse
import os

from django.core.management import execute_from_command_line

from kitestring.cli.database import reachable
from kitestring.cli.instance import SETTINGS, Instance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs=argparse.REMAINDER, help="the command and its arguments")


def run(arguments: argparse.Namespace) -> int:
    instance = Instance()
    instance.make_folders()
    instance.make_secrets()
    with reachable(instance) as url:
        os.environ.update(instance.surroundings(url))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        execute_from_command_line(["kitestring manage", *arguments.words])
    return 0
