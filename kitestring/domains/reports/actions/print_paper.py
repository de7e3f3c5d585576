"""Prints a report as one A4 page. What people wrote goes in as data, never as markup."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Final

import typst
from django.conf import settings

from kitestring.domains.reports.models import Report

PAPER: Final = Path(__file__).resolve().parent.parent / "paper"
FOLDER: Final = "reports"


class PrinterTrouble(Exception):
    """The page could not be printed or written; the report itself is whole."""


def paper_of(report: Report) -> bytes:
    """The page as PDF. Raises PrinterTrouble. About 0.2 s."""
    content = json.dumps(report.content | {"language": report.language}, ensure_ascii=False)
    try:
        made = typst.compile(
            str(PAPER / "report.typ"),
            root=str(PAPER),
            font_paths=[str(PAPER / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"content": content},
            format="pdf",
            timestamp=report.made_at.replace(microsecond=0),
        )
    except (RuntimeError, ValueError, OSError) as trouble:
        raise PrinterTrouble(str(trouble)) from trouble
    if not isinstance(made, bytes):
        raise PrinterTrouble("Typst gave no file")
    return made


def print_paper(report: Report) -> str:
    """Write the page under the data folder; returns its path there. Raises PrinterTrouble."""
    made = paper_of(report)
    name = f"{FOLDER}/{report.pk}.pdf"
    path = Path(settings.HOME) / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):  # somebody else's folder is theirs to close
            path.parent.chmod(
                0o700
            )  # the data folder may be one that all can walk through; a report is not for all
        part = path.with_suffix(".part")
        part.touch(0o600)
        part.write_bytes(made)
        part.replace(path)
    except OSError as trouble:
        raise PrinterTrouble(str(trouble)) from trouble
    return name
