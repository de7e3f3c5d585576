"""Changed words of a live post: their digest, and the sentences for why they are not changed."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

# A channel's general sentences speak of a post that is not out yet; of words that are to be changed other things are true.
REASONS: Final[dict[str, Promise]] = {
    "busy": lazy(
        "%(channel)s asks us to slow down. The words are changed by themselves as soon as they let us."
    ),
    "not_reached": lazy(
        "%(channel)s could not be reached, so the old words still stand. It is tried again by itself for an hour."
    ),
    "no_answer": lazy(
        "%(channel)s gave no clear answer whether the words are changed. It is asked again by itself for an hour; writing "
        "the same words twice makes no second post."
    ),
    "over": lazy(
        "%(channel)s gave no clear answer for an hour, so we stopped asking. Open the post there and look which words stand; "
        "then change them again if need be."
    ),
    "grant_expired": lazy(
        "%(channel)s no longer accepts our access to this account, so the old words still stand. Connect the account "
        "again, then change them."
    ),
    "scope_missing": lazy(
        "The access given to us does not cover this on %(channel)s, so the old words still stand. Connect the account "
        "again and allow it."
    ),
    "refused": lazy("%(channel)s refused the new words, so the old ones still stand. Yours are kept here."),
    "not_there": lazy(
        "The post is no longer on %(channel)s, so nothing was changed. Your words are kept here."
    ),
    "asker_may_not": lazy(
        "Whoever asked for this may not do it any more, so the old words still stand. Change them yourself if it is still "
        "wanted."
    ),
    "not_approved": lazy(
        "The brand wants a yes to every change now, and this one has none: the old words still stand. Ask for it again."
    ),
    "account_cannot": lazy(
        "When its turn came the words could not be changed from here any more, so the old ones still stand. Open the post on "
        "%(channel)s."
    ),
}
NO_ANSWER: Final = "no_answer"
# What a try left that may have changed the words; nothing at all: its worker died.
UNCLEAR: Final = frozenset(("", NO_ANSWER, "connector_broke"))
IN_DOUBT: Final = "_in_doubt"
_DOUBT: Final = {
    "asker_may_not": lazy(
        "%(channel)s gave no clear answer at first, and whoever asked for this may not do it any more: nobody knows which "
        "words stand. Open the post there and look; change them yourself if need be."
    ),
    "not_approved": lazy(
        "%(channel)s gave no clear answer at first, and now the brand wants a yes to every change: nobody knows which words "
        "stand. Open the post there and look; then ask for it again if need be."
    ),
    "account_cannot": lazy(
        "%(channel)s gave no clear answer at first, and then the words could not be changed from here any more: nobody knows "
        "which words stand. Open the post there and look."
    ),
    "grant_expired": lazy(
        "%(channel)s gave no clear answer at first, and now it no longer accepts our access to this account: nobody knows "
        "which words stand. Connect the account again, open the post there and look."
    ),
    "refused": lazy(
        "%(channel)s gave no clear answer at first, and then refused the new words: nobody knows which words stand. Open the "
        "post there and look. Yours are kept here."
    ),
}
REASONS.update({f"{key}{IN_DOUBT}": told for key, told in _DOUBT.items()})
SAME: Final = {
    "broken": "no_answer",
    "not_itself": "no_answer",
    "connector_broke": "no_answer",
    "unknown": "refused",
    "gone": "not_there",
    "deleted": "not_there",
}
LONGEST_WHY: Final = 300
LONGEST_TEXT: Final = 100_000


def digest_of_words(text: str, title: str) -> str:
    """What a yes to these words is bound to."""
    written = json.dumps({"text": text, "title": title}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def why_not_changed(reason: str, *, ended: bool) -> Promise | None:
    """Our own sentence (with %(channel)s); None where the channel's own says it. `ended`: we no longer ask."""
    key = SAME.get(reason, reason)
    if ended and key in ("busy", "not_reached", "no_answer"):
        key = "over"
    return REASONS.get(key)


def in_doubt_since(reason: str, number: int) -> bool:
    """Whether an earlier try may have changed the words. `reason`: what the last one left; `number`: which try this is.

    A later "busy" does not wipe an earlier doubt out: it is written down as no answer.
    """
    return number > 1 and reason in UNCLEAR


def doubtful(reason: str) -> str:
    """The reason of an end that leaves it open which words stand."""
    if reason == "not_there" or SAME.get(reason) == "not_there":
        return reason
    return f"{reason if reason in _DOUBT else 'refused'}{IN_DOUBT}"
