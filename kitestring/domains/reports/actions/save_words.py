"""Saves a person's words over a report, line by line: a line that was worded elsewhere meanwhile is told, never overwritten."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import translation

from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.reports import held
from kitestring.domains.reports.rules.lines import TITLE, checked, names_of, split, tidied
from kitestring.domains.reports.rules.wording import lines_of, made, text_of, under
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal

TRAIL: Final = 50
LONGEST_ID: Final = 36


@dataclass
class Saved:
    """`refused`: what stood in a line's way. `theirs`: what was written there meanwhile, `by` whom, and whether that was
    the member's own other page (`own`). `own`: lines that stand as the member typed them."""

    report: Report
    refused: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, dict[str, str]] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.refused and not self.theirs


@transaction.atomic
def save_words(
    member: Member,
    report_id: UUID,
    typed: Mapping[str, str],
    was: Mapping[str, str],
    over: Collection[str] = (),
    page: str = "",
) -> Saved:
    """Write the lines whose text is another than it `was` on the member's page; the others stay as they are now.

    `over`: lines to write though something else was written there meanwhile. `page`: the open page that saves. What one
    line is refused for holds no other back.
    """
    require(member, "report.make")
    report = held(member, report_id)
    done = Saved(report)
    with translation.override(report.language):
        now = {line: text_of(report.content, report.words, line) for line in names_of(report.content)}
    for line, here in now.items():
        mine = tidied(typed.get(line, here))
        known = tidied(was.get(line, here))
        if mine in (known, tidied(here)) and line not in over:
            done.own += [line] if mine == tidied(here) else []
            continue
        said = lines_of(report.words).get(line, {})
        mine_too = said.get("member") == str(member.pk)
        # Saves of one open page may overtake each other; two pages are a meeting of two, whosever they are.
        own = mine_too and page and said.get("page") == page
        if known != tidied(here) and line not in over and not own:
            done.theirs[line] = {"text": here, "by": said.get("by", "")} | ({"own": "1"} if mine_too else {})
            continue
        try:
            word(member, report, line, checked(line, typed.get(line, here)), page)
            done.own.append(line)
        except Refusal as refusal:
            done.refused[line] = refusal.message
    return done


def word(member: Member, report: Report, line: str, text: str | None, page: str = "") -> None:
    """Put words on one line, or take them off (None, or the very sentence it has without them), and write that down."""
    with translation.override(report.language):
        before, bare = text_of(report.content, report.words, line), _bare(report, line)
        lines = lines_of(report.words)
        lines.pop(line, None)
        if text is not None and text != tidied(bare):
            lines[line] = {
                "text": text,
                "by": member.name,
                "member": str(member.pk),
                "page": page[:LONGEST_ID],
                "under": under(report.content, line),
            }
        keep(member, report, lines=lines)
        after = text_of(report.content, report.words, line)
    if before != after:
        part = split(line)[0]
        record(member, "report.word", report, before={part: before}, after={part: after})


def _bare(report: Report, line: str) -> str:
    """The sentence without this person's words."""
    rest = {k: v for k, v in lines_of(report.words).items() if k != line}
    return made(report.content, report.words | {"lines": rest}, line)


def keep(member: Member, report: Report, **changed: Any) -> None:
    """Write changed parts of the words, count the version and whose it is, and name the report by its conclusion."""
    report.version += 1
    trail = [*report.words.get("trail", []), [report.version, str(member.pk)]][-TRAIL:]
    report.words = report.words | changed | {"trail": trail}
    with translation.override(report.language):
        report.title = text_of(report.content, report.words, TITLE)[:300]
    report.save(update_fields=["words", "version", "title"])
