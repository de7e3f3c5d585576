"""`kitestring doctor`: says in words what is wrong with this instance and what to do; exit code 1 if anything is."""

from __future__ import annotations

import argparse
import os

from kitestring.cli.checks import database, folder, pages, videos
from kitestring.cli.checks.finding import Finding
from kitestring.cli.instance import DEFAULT_BIND, Instance, read_address

SIGNS = {"well": "ok     ", "note": "note   ", "wrong": "WRONG  "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bind",
        default=os.environ.get("KITESTRING_BIND", DEFAULT_BIND),
        help="address of the pages, if it is not %(default)s",
    )


def run(arguments: argparse.Namespace) -> int:
    instance = Instance()
    address = read_address(arguments.bind)
    findings = [
        *folder.look(instance),
        *database.look(instance),
        *pages.look(instance, address),
        *videos.look(),
    ]
    for finding in findings:
        _print(finding)
    wrong = sum(finding.state == "wrong" for finding in findings)
    print("Everything is well." if not wrong else f"{wrong} of {len(findings)} checks found something wrong.")
    return 1 if wrong else 0


def _print(finding: Finding) -> None:
    print(f"{SIGNS[finding.state]}{finding.what}")
    if finding.cure:
        print(f"         do: {finding.cure}")
