"""Prints a report as one A4 page. What people wrote goes in as data, never as markup."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kitestring.domains.reports.models import Report, ReportAnswer, ReportRevision
from kitestring.ui import formats

PAPER: Final = Path(__file__).resolve().parent.parent / "paper"
FOLDER: Final = "reports"
log = logging.getLogger(__name__)


class PrinterTrouble(Exception):
    """The page could not be printed or written; the report itself is whole."""


def paper_of(revision: ReportRevision, answer: ReportAnswer | None = None) -> bytes:
    """The page as PDF, with who signed what and when once it is answered. Raises PrinterTrouble. About 0.2 s."""
    said = {"answer": _signed(revision, answer) if answer else None}
    return _set(revision.report, revision.content | said, revision.shared_at)


def draft_of(report: Report, content: dict[str, Any]) -> bytes:
    """The page as PDF before it is shared, and it says so. Raises PrinterTrouble."""
    with translation.override(report.language):
        label = _("Draft, not shared")
    return _set(report, content | {"revision": label}, report.made_at)


def _set(report: Report, content: dict[str, Any], at: datetime) -> bytes:
    try:
        made = typst.compile(
            str(PAPER / "report.typ"),
            root=str(PAPER),
            font_paths=[str(PAPER / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"content": json.dumps(content | {"language": report.language}, ensure_ascii=False)},
            format="pdf",
            timestamp=at.replace(microsecond=0),
        )
    except (RuntimeError, ValueError, OSError) as trouble:
        raise PrinterTrouble(str(trouble)) from trouble
    if not isinstance(made, bytes):
        raise PrinterTrouble("Typst gave no file")
    return made


def _signed(revision: ReportRevision, answer: ReportAnswer) -> dict[str, Any]:
    """The answer in the words of the page, in the report's language."""
    report = revision.report
    options = (revision.content.get("ask") or {}).get("options", [])
    with translation.override(report.language):
        at = formats.date_time(answer.at, "medium", report.brand.zone)
    choice = next((o["title"] for o in options if o["key"] == answer.choice), answer.choice)
    return {"choice": choice, "name": answer.signed_as, "at": at, "note": answer.note}


def name_of(revision: ReportRevision, answer: ReportAnswer | None) -> str:
    """The file's path under the data folder: another once it is signed, so that none is taken for the other."""
    return f"{FOLDER}/{revision.report_id}-{revision.number}{'-signed' if answer else ''}.pdf"


def print_signed(answer: ReportAnswer) -> None:
    """The file with the signature in place of the one with empty lines. Whoever reads it prints it when this fails."""
    revision = answer.revision
    unsigned = Path(settings.HOME) / name_of(revision, None)
    try:
        revision.pdf = print_paper(revision, answer)
    except PrinterTrouble:
        log.exception("report %s was signed without its PDF printed again", revision.report_id)
        return
    revision.save(update_fields=["pdf"])
    with suppress(OSError):
        unsigned.unlink()


def print_paper(revision: ReportRevision, answer: ReportAnswer | None = None) -> str:
    """Write the page under the data folder; returns its path there. Raises PrinterTrouble."""
    made = paper_of(revision, answer)
    name = name_of(revision, answer)
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
