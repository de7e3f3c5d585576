"""The boss's answer on a shared revision: a choice and a note, once, signed."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kitestring.domains.reports.actions.print_paper import print_signed
from kitestring.domains.reports.models import Report, ReportAnswer, ReportRevision
from kitestring.domains.reports.queries.reports import (
    answer_of,
    held,
    newest_of,
    report_by_secret,
    who_else_signs,
)
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.kit.text import clean

LONGEST_NOTE: Final = 2000
LONGEST_NAME: Final = 120


def answer_as_member(
    member: Member, report: Report, choice: str, note: str = "", number: int | None = None
) -> ReportAnswer:
    """Signed with the member's own name, on the revision `number` they read. Raises Refusal (nothing asked, no such
    choice), Conflict (answered already, or another revision was shared meanwhile).

    Who made or shared the report does not sign it while somebody else here may.
    """
    require(member, "report.sign")
    with transaction.atomic():
        here = held(member, report.pk)
        revision = _newest(here, number)
        if others := who_else_signs(member, here, revision):
            raise Refusal(
                _(
                    "You made or shared this report yourself, so somebody else signs it: %(names)s. Nothing was signed."
                )
                % {"names": others}
            )
        answer = _answer(revision, choice, note, member.name, member)
    print_signed(answer)
    return answer


def answer_by_link(
    secret: str, choice: str, note: str, signed_as: str, number: int | None = None
) -> ReportAnswer:
    """From the live link, signed with a typed name. Raises Report.DoesNotExist for a closed link, else as above."""
    with transaction.atomic():
        revision = _newest(report_by_secret(secret, lock=True), number)
        answer = _answer(revision, choice, note, clean(signed_as), None)
    print_signed(answer)
    return answer


def _newest(report: Report, number: int | None) -> ReportRevision:
    """The revision that is signed: the newest, which must be the one that was read; who names none read the first."""
    newest = newest_of(report)
    if newest is None:
        raise Refusal(_("This report was not shared yet. Nothing was signed; share it first."))
    if newest.number != (1 if number is None else number):
        raise Conflict(
            _(
                "Revision %(n)s was shared while you read the one before. Nothing was signed, your note is still here: read it, "
                "then sign."
            )
            % {"n": newest.number}
        )
    return newest


def _answer(
    revision: ReportRevision, choice: str, note: str, name: str, member: Member | None
) -> ReportAnswer:
    report = revision.report
    offered = [o["key"] for o in (revision.content.get("ask") or {}).get("options", [])]
    if not offered:
        raise Refusal(_("This report asks for no decision."))
    given = answer_of(revision)
    if given is not None:
        raise Conflict(
            _("%(name)s answered this report already. That answer stands.") % {"name": given.signed_as}
        )
    if choice not in offered:
        raise Refusal(_("Choose one of the answers offered. Your note is still here."), field="choice")
    words = clean(note)
    if len(words) > LONGEST_NOTE:
        message = _("%(n)s characters; a note holds %(limit)s. Nothing was signed; shorten it.")
        raise Refusal(message % {"n": f"{len(words):,}", "limit": f"{LONGEST_NOTE:,}"}, field="note")
    if not name:
        raise Refusal(_("Write your name, so that the team knows who decided."), field="signed_as")
    if len(name) > LONGEST_NAME:
        message = _("This name is too long; %(n)s characters are kept at most.")
        raise Refusal(message % {"n": LONGEST_NAME}, field="signed_as")
    answer = ReportAnswer(revision=revision, choice=choice, note=words, signed_as=name, member=member)
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError as twice:
        raise Conflict(_("Somebody answered this report a moment ago. That answer stands.")) from twice
    after = {"choice": choice, "note": words, "signed_as": name, "revision": revision.number}
    record(member or report.brand.workspace, "report.answer", report, after=after)
    return answer
