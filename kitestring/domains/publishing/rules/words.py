"""The ledger's own sentences: what happened, what was kept, what to do. In the reader's language.

A channel's answers are worded by `connectorkit.sentences`; these are for what the house itself found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kitestring.domains.publishing.rules.near_words import near_words


@dataclass(frozen=True)
class Reason:
    """`told`: the sentence. `cure`: which deed cures it (a button of the delivery page), "" when it cures itself."""

    told: Promise
    cure: str = ""


REASONS: Final[dict[str, Reason]] = {
    "workspace_paused": Reason(
        lazy(
            "Everything is paused, so nothing left the house. It goes out when you resume, if it is "
            "still in time."
        ),
        "resume",
    ),
    "brand_paused": Reason(
        lazy("This brand is paused. It goes out when you resume, if it is still in time."), "resume"
    ),
    "account_paused": Reason(
        lazy("This account is paused. It goes out when you resume, if it is still in time."), "resume"
    ),
    "grant_expired": Reason(
        lazy(
            "The account’s grant has ended, so nothing was sent. The post is kept. Connect the account again."
        ),
        "reconnect",
    ),
    "brand_archived": Reason(
        lazy(
            "The brand is archived, so nothing was sent. The post is kept. Bring the brand back, then give the "
            "post another hour."
        ),
        "restore",
    ),
    "account_disconnected": Reason(
        lazy(
            "The account is no longer connected, so nothing was sent. The post is kept. Connect it "
            "again or cancel."
        ),
        "reconnect",
    ),
    "no_grant": Reason(
        lazy("The account has no grant here, so nothing was sent. Connect the account again."), "reconnect"
    ),
    "seal_broken": Reason(
        lazy(
            "The account’s grant cannot be opened: its key is missing here, so nothing was sent. "
            "Connect the account again."
        ),
        "reconnect",
    ),
    "grant_renewing": Reason(
        lazy(
            "The channel wants the account’s grant renewed, which is under way. Nothing was sent yet; it goes out then."
        )
    ),
    "no_connector": Reason(
        lazy("The connector of this channel is not installed, so nothing was sent. Install it, or cancel."),
        "send",
    ),
    "late": Reason(
        lazy("Its hour has passed by more than it allows, so it was not sent. Is it still fresh?"), "send"
    ),
    "told_to_wait": Reason(
        lazy(
            "The channel asks us to wait until %(until)s, later than this post allows. Nothing of it went out. Give "
            "it an hour after that."
        ),
        "move",
    ),
    "missed": Reason(lazy("Missed: the hour passed while nothing could leave. It is not made up for.")),
    "missed_last": Reason(
        lazy(
            "Missed: the hour passed while nothing could leave. Missed since somebody last looked: %(n)s. None of "
            "them is made up for; the next goes out at its hour."
        ),
        "send",
    ),
    "too_close": Reason(lazy("Left out: another post lies too near to it on this account."), "move"),
    "skipped": Reason(lazy("Skipped. The other times stay as they are.")),
    "series_paused": Reason(
        lazy("Its series is paused. It goes out when you resume it, if it is still in time."), "series"
    ),
    "series_stopped": Reason(lazy("Its series was stopped or paused before it left.")),
    "paused_over": Reason(
        lazy("Its hour passed while it was paused, so it was not sent. Is it still fresh?"), "send"
    ),
    "hand_off_late": Reason(
        lazy("Nobody has published it by hand yet, and its hour has passed. Publish it now, or give it up."),
        "hand_off",
    ),
    "not_permitted": Reason(
        lazy(
            "Whoever scheduled it may not schedule any more, so it was not sent. Look at it and send "
            "it yourself."
        ),
        "send",
    ),
    "variant_gone": Reason(
        lazy(
            "Its account was taken off the post after it was scheduled, so nothing was sent. Give it up, "
            "or add the account to the post again and schedule it anew."
        ),
        "approve",
    ),
    "account_taken_off": Reason(
        lazy(
            "Its account was taken off the post, so it was cancelled. It will never go out; the post is kept."
        )
    ),
    "not_approved": Reason(
        lazy("Its hour came and this revision was not approved, so it was not sent. Have it approved."),
        "approve",
    ),
    "approval_void": Reason(
        lazy(
            "The post was changed after it was approved, so it is held. It goes out once the new "
            "text is approved."
        ),
        "approve",
    ),
    "quota_used": Reason(
        lazy("The account’s quota of %(limit)s is used up, so it was not sent. Move it to the next period."),
        "move",
    ),
    "no_look_up": Reason(
        lazy(
            "The channel’s answer was lost and it offers no way to look. Look there yourself: it "
            "will not be sent twice unless you say so."
        ),
        "settle",
    ),
    "unclear_thrice": Reason(
        lazy(
            "Three answers were unclear, so we stopped. Look there yourself: it will not be sent "
            "twice unless you say so."
        ),
        "settle",
    ),
    "cannot_look": Reason(
        lazy(
            "We cannot look soon enough: the channel does not answer, or asks us to wait. Look there yourself: it "
            "will not be sent twice unless you say so."
        ),
        "settle",
    ),
    "out_already": Reason(
        lazy("An earlier try of this post proved to be live, so this one was cancelled: it is out already.")
    ),
    "restored": Reason(
        lazy(
            "This instance was restored from a backup made at %(made_at)s; it may be out already. Look there "
            "yourself where we cannot: it will not be sent twice unless you say so."
        ),
        "settle",
    ),
    "too_early": Reason(
        lazy("Not there yet, but it is too early to believe that. It will not be sent twice: we look again.")
    ),
    "proven_absent": Reason(lazy("It is surely not there, so it is sent again with the same key.")),
    "processing_late": Reason(
        lazy("The channel did not finish in time. We look whether it is there; it will not be sent twice.")
    ),
    "lease_ran_out": Reason(
        lazy(
            "The worker that sent it stopped before it wrote down the answer. It will not be sent "
            "twice: we look first."
        )
    ),
    "not_started": Reason(
        lazy("The worker had no time left to send it, so nothing was sent. It tries again.")
    ),
    "connector_broke": Reason(
        lazy("Our connector stumbled over the answer. It will not be sent twice: we look first.")
    ),
    "odd_id": Reason(
        lazy(
            "The channel answered without an id that a post can be known by. It will not be sent twice: "
            "we look first."
        )
    ),
    "held_by_person": Reason(lazy("Held by hand. It goes out when somebody releases it."), "release"),
    "file_gone": Reason(
        lazy(
            "A file of this post is gone or was changed, so nothing was sent. Put the file back into "
            "the post."
        ),
        "edit",
    ),
    "file_unfit": Reason(
        lazy("%(name)s cannot be made to fit this channel, so nothing was sent. Replace it in the post."),
        "edit",
    ),
    "file_not_made": Reason(
        lazy(
            "%(name)s could not be prepared for this channel on this server, so nothing was sent. Replace it in the post, or "
            "have the server put right (kitestring doctor says how) and release it."
        ),
        "edit",
    ),
    "file_making": Reason(
        lazy(
            "%(name)s is being prepared for this channel. It goes out as soon as it is ready; nothing was sent yet."
        )
    ),
    "disk_full": Reason(
        lazy(
            "The disk of this server is full, so a picture could not be prepared and nothing was sent. It tries "
            "again; make room there."
        )
    ),
    "partly_out": Reason(
        lazy(
            "It was stopped, and only then its first part proved to be live. That stays; nothing more is sent "
            "unless you say so."
        ),
        "send",
    ),
    "part_after_all": Reason(
        lazy(
            "It was taken down, and only then a part nobody knew of proved to be live. Delete that part there, then say "
            "so, or leave it as it is."
        ),
        "by_hand",
    ),
    "head_without_id": Reason(
        lazy(
            "The first part is known by its address alone, so nothing can be put under it from here. Add the rest "
            "there yourself, then leave it as it is."
        ),
        "by_hand",
    ),
    "goes_on": Reason(lazy("A person had the rest go on. What was out stayed as it was.")),
    "part_not_there": Reason(lazy("A person looked and this part is not there. It is never sent.")),
    "left_as_it_is": Reason(lazy("A person left it as it is. The rest is never sent.")),
    "sent_now": Reason(lazy("A person had it sent now.")),
    "said_not_live": Reason(lazy("A person looked and it is not there. It is sent with the same key.")),
    "taken_back": Reason(lazy("Taken back from the hand-off.")),
}


def reason_words(key: str, params: Mapping[str, object]) -> str:
    """The sentence of one of our own reasons; "" for a reason that is not ours."""
    known = REASONS.get(key)
    if known is None:
        return ""
    if key == "too_close" and (told := near_words(params)):
        return told
    return str(known.told) % _Given(params)


# What asks a person to look, for a reader who is not the one to do it.
BY_THE_TEAM: Final[dict[str, Promise]] = {
    "no_look_up": lazy(
        "The channel’s answer was lost and it offers no way to look. The team looks there: it will not be sent twice "
        "unless they say so."
    ),
    "unclear_thrice": lazy(
        "Three answers were unclear, so we stopped. The team looks there: it will not be sent twice unless they say so."
    ),
    "cannot_look": lazy(
        "We cannot look soon enough: the channel does not answer, or asks us to wait. The team looks there: it will not "
        "be sent twice unless they say so."
    ),
    "restored": lazy(
        "This instance was restored from a backup made at %(made_at)s; it may be out already. The team looks there: it "
        "will not be sent twice unless they say so."
    ),
}


def by_the_team(key: str, params: Mapping[str, object]) -> str:
    """The sentence for who may not settle it; "" where that of everybody will do."""
    return str(BY_THE_TEAM[key]) % _Given(params) if key in BY_THE_TEAM else ""


def cure_of(key: str) -> str:
    """Which deed cures this reason; "" when none is known here."""
    known = REASONS.get(key)
    return known.cure if known else ""


class _Given(dict[str, object]):
    """Parameters for a sentence; one that is missing is shown as a gap, never as an error."""

    def __missing__(self, key: str) -> str:
        return "–"


# In the middle of a sequence: something was sent, and none of it goes on by itself.
MIDWAY: Final[dict[str, Promise]] = {
    "workspace_paused": lazy("Everything is paused. Resume, and the rest goes out if it is still in time."),
    "brand_paused": lazy("This brand is paused. Resume, and the rest goes out if it is still in time."),
    "account_paused": lazy("This account is paused. Resume, and the rest goes out if it is still in time."),
    "grant_expired": lazy(
        "The account’s grant has ended. Connect the account again, then go on with the rest."
    ),
    "brand_archived": lazy("The brand is archived. Bring it back before you go on with the rest."),
    "account_disconnected": lazy(
        "The account is no longer connected. Connect it again, then go on with the rest."
    ),
    "no_connector": lazy("The connector of this channel is not installed any more."),
    "late": lazy("The rest could not follow in time. Is it still fresh?"),
    "told_to_wait": lazy("The channel asks us to wait until %(until)s. Go on with the rest after that."),
    "not_permitted": lazy("Whoever scheduled it may not schedule any more. Look at it and decide yourself."),
    "variant_gone": lazy("Its account was taken off the post meanwhile."),
    "not_approved": lazy(
        "The post was changed, and nobody has approved what it says now. Have it approved first."
    ),
    "quota_used": lazy(
        "The account’s quota of %(limit)s is used up. Go on with the rest in the next period."
    ),
}


# What comes before a person can have the rest go on, where the words above promise that it then goes by itself.
FIRST: Final[dict[str, Promise]] = {
    "workspace_paused": lazy("Everything is paused: resume first."),
    "brand_paused": lazy("This brand is paused: resume it first."),
    "account_paused": lazy("This account is paused: resume it first."),
}


def first_do(key: str, params: Mapping[str, object]) -> str:
    """What a person does first, so that the rest of a sequence can go on; "" where the ledger has no words for it."""
    return str(FIRST[key]) if key in FIRST else midway_words(key, params)


def midway_words(key: str, params: Mapping[str, object]) -> str:
    """Why the rest of a sequence does not follow, where the ledger itself stopped it; "" for any other reason."""
    return str(MIDWAY[key]) % _Given(params) if key in MIDWAY else ""


def so_many_out(out: int, of: int) -> str:
    """How much of a sequence is live."""
    return ngettext("%(n)s of its %(of)s parts is live.", "%(n)s of its %(of)s parts are live.", out) % {
        "n": out,
        "of": of,
    }


def too_late(state: str) -> str:
    """Why a change is not made: what has become of the delivery, known to the page or only since."""
    told = {
        "scheduled": _("It is scheduled again meanwhile. Nothing was changed: look at it as it stands now."),
        "sending": _(
            "It is being sent this very moment, so it is too late to change it. Nothing was changed."
        ),
        "processing": _("The channel has it and is processing it, so it is too late. Nothing was changed."),
        "partly_out": _(
            "Part of it is out, and the rest is on its way. Nothing was changed: its page has what can be done."
        ),
        "published": _("It is published already. Nothing was changed. It can be withdrawn on its page."),
        "unknown": _("Nobody knows yet whether it went out, so it stays as it is until we have looked."),
        "cancelled": _("It was cancelled meanwhile. Nothing was changed."),
        "withdrawn": _("It was withdrawn. Nothing was changed."),
        "handed_off": _("It is with a person to publish by hand. Take it back first. Nothing was changed."),
        "failed": _("The channel refused it. Nothing was changed: its page says why."),
        "held": _("It is held meanwhile. Nothing was changed: its page says why."),
        "needs_attention": _("It waits for a person. Nothing was changed: its page says why."),
    }
    return told.get(state, _("It was changed meanwhile. Nothing was changed by you."))
