"""Prints a report as one A4 page. What people wrote goes in as data, never as markup."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from django.utils import translation

from kitestring.domains.reports.models import Report, ReportAnswer
from kitestring.ui import formats

PAPER: Final = Path(__file__).resolve().parent.parent / "paper"
FOLDER: Final = "reports"
log = logging.getLogger(__name__)


class PrinterTrouble(Exception):
    """The page could not be printed or written; the report itself is whole."""


def paper_of(report: Report, answer: ReportAnswer | None = None) -> bytes:
    """The page as PDF, with who signed what and when once it is answered. Raises PrinterTrouble. About 0.2 s."""
    said = {"language": report.language, "answer": _signed(report, answer) if answer else None}
    content = json.dumps(report.content | said, ensure_ascii=False)
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


def _signed(report: Report, answer: ReportAnswer) -> dict[str, Any]:
    """The answer in the words of the page, in the report's language."""
    options = (report.content.get("ask") or {}).get("options", [])
    with translation.override(report.language):
        at = formats.date_time(answer.at, "medium", report.brand.zone)
    choice = next((o["title"] for o in options if o["key"] == answer.choice), answer.choice)
    return {"choice": choice, "name": answer.signed_as, "at": at, "note": answer.note}


def name_of(report: Report, answer: ReportAnswer | None) -> str:
    """The file's path under the data folder: another once it is signed, so that none is taken for the other."""
    return f"{FOLDER}/{report.pk}{'-signed' if answer else ''}.pdf"


def print_signed(answer: ReportAnswer) -> None:
    """The file with the signature in place of the one with empty lines. Whoever reads it prints it when this fails."""
    report = answer.report
    unsigned = Path(settings.HOME) / name_of(report, None)
    try:
        report.pdf = print_paper(report, answer)
    except PrinterTrouble:
        log.exception("report %s was signed without its PDF printed again", report.pk)
        return
    report.save(update_fields=["pdf"])
    with suppress(OSError):
        unsigned.unlink()


def print_paper(report: Report, answer: ReportAnswer | None = None) -> str:
    """Write the page under the data folder; returns its path there. Raises PrinterTrouble."""
    made = paper_of(report, answer)
    name = name_of(report, answer)
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
