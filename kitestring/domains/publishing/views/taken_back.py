"""What the address of a time of a series shows that was taken back before its hour."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from kitestring.domains.publishing.models import SeriesKind, TakenBack
from kitestring.domains.publishing.queries.taken_back import instead_of
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.recurrence_words import rule_words
from kitestring.domains.workspaces.doors import MemberRequest

WHY: Final[dict[str, Promise]] = {
    "series_changed": lazy("Its rule was changed before that, so this time does not stand any more."),
    "series_stopped": lazy("It was paused or stopped before that, so this time does not stand any more."),
    "account_taken_off": lazy(
        "The account was taken off the post before that, so this time does not stand any more."
    ),
}
SLOTS: Final[dict[str, Promise]] = {
    "series_changed": lazy(
        "The account’s slots or the stock were changed before that, so this time does not stand any more."
    ),
    "series_stopped": lazy(
        "The account’s slots were taken away before that, so this time does not stand any more."
    ),
}


def page_of_gone(request: MemberRequest, gone: TakenBack) -> dict[str, Any]:
    """The context of `publishing/taken_back.html`."""
    by_rule = gone.series.kind == SeriesKind.RECURRING
    words = WHY if by_rule else WHY | SLOTS
    return {
        "gone": gone,
        "post": gone.post,
        "why": words.get(gone.why, WHY["series_changed"]),
        "by_rule": by_rule,
        "rule": rule_words(gone.series.rule) if by_rule else "",
        "instead": instead_of(request.member, gone),
        "all_of_it": reverse("publishing:series", args=[gone.series_id])
        if by_rule
        else reverse("publishing:evergreen"),
        **clocks(gone.account.brand.zone),
    }
