"""Asks for other words on a live post: checked as in the composer, waiting for a yes where the brand wants one."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.connectorkit.checking import problems
from kitestring.domains.channels.queries import manifest_for
from kitestring.domains.composing.actions.refuse_unruly import refuse_unruly
from kitestring.domains.publishing.models import Delivery, Rewording, RewordingState
from kitestring.domains.publishing.models.rewording import GRAPH
from kitestring.domains.publishing.queries.deliveries import held_still
from kitestring.domains.publishing.queries.rewordings import (
    can_reword,
    held_rewording,
    in_doubt,
    live_words,
    open_rewording,
)
from kitestring.domains.publishing.rules.rewording import LONGEST_TEXT, LONGEST_WHY, digest_of_words
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.kit.text import clean

TASK = "publishing.reword"
OF_WORDS = ("text", "title")


@transaction.atomic
def ask_rewording(
    member: Member, delivery: Delivery, text: str, title: str = "", *, why: str = "", seen: str = ""
) -> Rewording:
    """The same words asked for twice are one change. `seen`: the digest of the live words the person had before them.

    Raises Refusal with the field it belongs beside, Conflict where the words are others now or another change is open.
    """
    require(member, "delivery.schedule")
    held_still(member, delivery.pk, ("published",))
    delivery.refresh_from_db()
    _refuse_impossible(delivery)
    text, title, why = clean(text), clean(title), clean(why)
    before, digest = live_words(delivery), digest_of_words(text, title)
    present = open_rewording(delivery)
    if present is not None and present.digest == digest:
        return present
    if present is not None:
        raise Conflict(_("Another change of these words is open. Take it back first, or wait for it."))
    if seen and seen != digest_of_words(*before):
        raise Conflict(
            _("The words were changed meanwhile. Read them as they stand now; yours are still here.")
        )
    if (text, title) == before and not in_doubt(delivery):
        raise Refusal(_("These are the words that are live. Change something first."), field="text")
    if not why or len(why) > LONGEST_WHY:
        raise Refusal(_("Say in a sentence why the words change; it is kept with them."), field="why")
    refuse_words(delivery, text, title)
    one = Rewording(
        delivery=delivery, text=text, title=title, before_text=before.text, before_title=before.title, why=why,
        digest=digest, made_by=member,
    )  # fmt: skip
    if not delivery.account.brand.needs_approval:
        GRAPH.check(one.state, RewordingState.ASKED)
        one.state, one.asked_at = RewordingState.ASKED, now()
    one.save(force_insert=True)
    after = {"text": text, "title": title, "note": why, "state": one.state}
    record(
        member, "delivery.reword", delivery, before={"text": before.text, "title": before.title}, after=after
    )
    if one.state == RewordingState.ASKED:
        wake(one.pk)
    return one


def wake(rewording_id: UUID) -> None:
    """A job that does it; what it loses is found on the row."""
    enqueue(TASK, once=f"{TASK}:{rewording_id}", rewording=str(rewording_id))


def _refuse_impossible(delivery: Delivery) -> None:
    if not can_reword(delivery):
        raise Refusal(
            _("These words cannot be changed from here. Nothing was changed; open the post on its channel."),
            reason="cannot",
        )


def refuse_words(delivery: Delivery, text: str, title: str) -> None:
    """Raise Refusal for what the kind's limits or a rule say of the new words. The files stay, and are not looked at."""
    if len(text) > LONGEST_TEXT:
        raise Refusal(
            _("This is too long for any channel. Shorten it; your words are still here."), field="text"
        )
    account = delivery.account
    found = problems(
        manifest_for(account),
        delivery.publish_kind,
        text,
        title,
        language=get_language() or "en",
        account_type=account.account_type,
        written=True,
    )
    for problem in found:
        bare = problem.reason == "text_required" and delivery.payload.get("media")
        if problem.severity == "error" and problem.field in OF_WORDS and not bare:
            raise Refusal(problem.sentence, field=problem.field, reason=problem.reason)
    refuse_unruly(account, {**delivery.payload, "text": text, "title": title})


@transaction.atomic
def drop_rewording(member: Member, one: Rewording) -> Rewording:
    """Take it back before the channel was asked."""
    require(member, "delivery.schedule")
    held_rewording(one)
    if one.tries or not GRAPH.allows(one.state, RewordingState.DROPPED):
        raise Conflict(_("It is too late to take this back: the channel was asked already."))
    one.state, one.ended_at = RewordingState.DROPPED, now()
    one.save(update_fields=["state", "ended_at"])
    record(member, "delivery.reword_drop", one.delivery, before={"text": one.text})
    return one
