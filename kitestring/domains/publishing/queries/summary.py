"""One or two sentences at the head of a delivery's page: what happened, what was kept, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.connectorkit.problem import Problem
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.accounts import waits_until
from kitestring.domains.publishing.queries.timeline import Timeline
from kitestring.domains.publishing.rules.again import again_words
from kitestring.domains.publishing.rules.answers import NOT_SENT
from kitestring.domains.publishing.rules.seen import leaves_now
from kitestring.domains.publishing.rules.sequence import left_in_doubt, parts_live, parts_of
from kitestring.domains.publishing.rules.stops import stop_words
from kitestring.domains.publishing.rules.telling import channel_name, tell, tell_delivery
from kitestring.domains.publishing.rules.waiting import unheard_of
from kitestring.domains.publishing.rules.words import so_many_out
from kitestring.kit.clock import now
from kitestring.ui import formats
from kitestring.ui.formats import duration, time
from kitestring.ui.marks import account_name


def summary_of(
    delivery: Delivery,
    story: Timeline,
    *,
    settles: bool = True,
    asked: str = "",
    unfit: Sequence[Problem] = (),
) -> str:
    """For the reader, in their language; with the hour of the next try or look where it is known.

    `settles`: the reader may cure it. Who may not is not told to. `asked`: what a late yes does, where somebody is asked for it.
    `unfit`: what the channel would refuse of it as it stands, before any of it was sent.
    """
    if asked:
        return asked
    if unfit and delivery.state == "scheduled" and not delivery.attempts:
        return unfit_words(delivery, unfit)
    again = again_words(delivery, waits_until(delivery.account_id), now(), delivery.account.brand.zone)
    return formats.sentences(_stands(delivery, story, again, settles), again)


def _stands(delivery: Delivery, story: Timeline, again: str, settles: bool) -> str:
    name = channel_name(delivery.account.channel)
    given = {"channel": name}
    told = tell_delivery(delivery, settles=settles)
    of = len(parts_of(delivery.payload))
    match delivery.state:
        case "partly_out" | "scheduled" if again and delivery.reason:
            return told
        case "partly_out" if delivery.reason:
            return _("%(told)s It is tried again by itself, with the same key.") % {"told": told}
        case "partly_out":
            return _("%(out)s The next one follows this moment.") % {"out": so_many_out(delivery.part, of)}
        case "sending" | "processing" | "unknown" if of and delivery.part:
            return _midway(delivery, of, name)
        case "scheduled" if again:
            return ""
        case "scheduled" if delivery.reason and delivery.attempts:
            return _("%(told)s It is tried again by itself, with the same key.") % {"told": told}
        case "scheduled":
            return _by_itself(delivery)
        case "sending":
            return _unheard(delivery, name) or _("It is on its way to %(channel)s this moment.") % given
        case "processing":
            waits = tell(delivery.waits_for, {}, delivery.account.channel)
            return waits or _("%(channel)s took it and is working on it. We ask until it is live.") % given
        case "published":
            return _published(delivery, story, name)
        case "unknown":
            text = _(
                "%(channel)s may have taken it, but its answer never reached us. It will not be sent twice: "
                "we look there until we know."
            )
            return text % given
        case "handed_off":
            text = _(
                "%(channel)s has no interface for this, so a person publishes it. It is done when its "
                "address is pasted."
            )
            return text % given
        case "failed":
            return _stopped(name, told) if delivery.reason_params.get(NOT_SENT) else told
        case "cancelled" if delivery.reason == "account_taken_off" or (delivery.series_id and told):
            return told
        case "cancelled":
            return _("It will never go out. The post is kept.")
        case "withdrawn":
            return _withdrawn(delivery)
    return told


def _stopped(name: str, told: str) -> str:
    text = _("Kitestring stopped it before anything was sent to %(channel)s. %(told)s")
    return text % {"channel": name, "told": told}


def unfit_words(delivery: Delivery, unfit: Sequence[Problem]) -> str:
    """Why it will be refused when its hour comes, and what to do before."""
    rest = len(unfit) - 1
    more = ngettext("%(n)s more problem stands in the way.", "%(n)s more problems stand in the way.", rest)
    why = formats.sentences(unfit[0].sentence, more % {"n": rest} if rest else "")
    said = {"problems": why, "account": account_name(delivery.account)}
    return (
        _(
            "As it is scheduled, it no longer fits %(account)s and would be refused when its hour comes. %(problems)s"
        )
        % said
    )


def _by_itself(delivery: Delivery) -> str:
    """Once its hour has come a worker takes it up within seconds; where none does, that is said."""
    if delivery.due_at > now():
        return _(
            "It goes out by itself when its hour comes. Approval, pause and quota are checked again then."
        )
    if kept := stop_words(delivery.account):
        return kept
    if leaves_now(delivery.state, delivery.due_at, now(), delivery.not_before):
        return _("It goes out now. Approval, pause and quota are checked as it leaves.")
    return _("Its hour has passed and no worker has taken it up yet. It goes out as soon as one does.")


def _unheard(delivery: Delivery, name: str) -> str:
    """Where no call lasts as long as this one: its worker may be gone, and when that shows at the latest; else ""."""
    if delivery.lease_until is None or not unheard_of(delivery.changed_at, now()):
        return ""
    zone = delivery.account.brand.zone
    text = _(
        "Nothing has been heard of its worker since %(since)s, so nobody knows whether %(channel)s has it. It will not be sent "
        "twice: at %(until)s at the latest it is looked up there, or a person is asked."
    )
    since, until = time(delivery.changed_at, zone), time(delivery.lease_until, zone)
    return text % {"since": since, "until": until, "channel": name}


def _withdrawn(delivery: Delivery) -> str:
    if left_in_doubt(delivery):
        text = _(
            "What we knew of is taken down. Nobody knows whether part %(n)s is there: look, delete it if it is, then say so."
        )
        return text % {"n": delivery.part + 1}
    return _("It was live and is no longer there. Its conversations and results are kept.")


def _midway(delivery: Delivery, of: int, name: str) -> str:
    given = {"out": so_many_out(delivery.part, of), "n": delivery.part + 1, "channel": name}
    if delivery.state == "unknown":
        text = _(
            "%(out)s %(channel)s may have taken part %(n)s, but its answer never reached us. It will not be sent twice: "
            "we look there until we know, then the rest follows."
        )
        return text % given
    if delivery.state == "sending" and (unheard := _unheard(delivery, name)):
        return f"{given['out']} {unheard}"
    return _("%(out)s Part %(n)s is on its way to %(channel)s.") % given


def _sequence(delivery: Delivery, story: Timeline, of: int) -> str:
    out = parts_live(delivery)
    if left_in_doubt(delivery):
        text = _(
            "%(out)s The rest is never sent. Nobody knows whether part %(n)s is there too: look, and say so. It will not be "
            "sent again."
        )
        return text % {"out": so_many_out(out, of), "n": delivery.part + 1}
    if out < of:
        return _("%(out)s The rest is never sent.") % {"out": so_many_out(out, of)}
    if story.in_doubt is not None:
        text = _(
            "All %(n)s parts are live, each once. For %(span)s nobody knew of one of them; nothing was sent again before "
            "that was settled."
        )
        return text % {"n": of, "span": duration(story.in_doubt)}
    return _("All %(n)s parts are live, in order, each once.") % {"n": of}


def _published(delivery: Delivery, story: Timeline, name: str) -> str:
    if delivery.withdraw_asked is not None and not delivery.reason:
        return _("It is being taken down. It is live until %(channel)s says that it is gone.") % {
            "channel": name
        }
    if delivery.reason:
        told = tell(delivery.reason, delivery.reason_params, delivery.account.channel)
        if delivery.withdraw_asked is not None:
            return _("It is still live: %(told)s Taking it down is tried again by itself.") % {"told": told}
        if delivery.head_withdrawn_at is not None:
            out = so_many_out(parts_live(delivery), len(parts_of(delivery.payload)))
            return _("%(out)s Taking it down did not work: %(told)s") % {"out": out, "told": told}
        return _("It is live. Taking it down did not work: %(told)s") % {"told": told}
    if (of := len(parts_of(delivery.payload))) and delivery.part:
        return _sequence(delivery, story, of)
    return _doubted(story, name) if story.in_doubt is not None else _undoubted(story, name)


def _doubted(story: Timeline, name: str) -> str:
    """Nobody knew for a while: that is said however well it ended, and what ended it."""
    given = {"channel": name, "n": story.sends, "span": duration(story.in_doubt or timedelta())}
    if story.sends > 1 and story.refused:
        text = _(
            "It took %(n)s attempts: %(channel)s refused it, and for %(span)s nobody knew whether it was live. "
            "That is settled. One copy is live."
        )
    elif story.sends > 1:
        text = _(
            "It took %(n)s attempts, and for %(span)s nobody knew whether it was live; nothing was sent again before "
            "that was settled. One copy is live."
        )
    elif story.by_person:
        text = _(
            "%(channel)s never said clearly that it took it. A person looked there and gave its address. It was sent once."
        )
    elif story.looks:
        return ngettext(
            "%(channel)s took the post but its answer never reached us. We looked once, found it, and sent "
            "nothing again. One copy is live.",
            "%(channel)s took the post but its answer never reached us. We looked %(n)s times, found it, and "
            "sent nothing again. One copy is live.",
            story.looks,
        ) % {"channel": name, "n": story.looks}
    else:
        text = _(
            "For %(span)s nobody knew whether it was live. It was sent once, and %(channel)s said that it is live."
        )
    return text % given


def _undoubted(story: Timeline, name: str) -> str:
    if story.by_person:
        return _("A person published it and gave its address as proof. One copy is live.")
    if story.refused and story.sends > 1:
        text = _(
            "%(channel)s refused it first, so nothing was there. It was sent again with the same key, and taken. "
            "One copy is live."
        )
        return text % {"channel": name}
    if story.sends > 1:
        return _(
            "It took %(n)s attempts; before each new one it was certain that nothing was live. One copy is live."
        ) % {"n": story.sends}
    return _("It went out in one attempt. One copy is live.")
