"""`kitestring up`: the whole instance in one command, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import os

from kitestring.cli.instance import DEFAULT_BIND, Instance, read_address
from kitestring.cli.supervisor import Supervisor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bind",
        default=os.environ.get("KITESTRING_BIND", DEFAULT_BIND),
        help="address of the pages, host:port (default %(default)s, or KITESTRING_BIND)",
    )
    parser.add_argument(
        "--demo", action="store_true", help="mark the instance as a demo and start its sandbox"
    )


def run(arguments: argparse.Namespace) -> int:
    return Supervisor(Instance(), read_address(arguments.bind), demo=arguments.demo).run()
