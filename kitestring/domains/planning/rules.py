"""What a campaign's figure may count."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

METRICS: Final[tuple[tuple[str, Promise], ...]] = (
    ("engagement", gettext_lazy("Engagement (all reactions together)")),
    ("views", gettext_lazy("Views")),
    ("likes", gettext_lazy("Likes")),
    ("replies", gettext_lazy("Replies")),
    ("reposts", gettext_lazy("Reposts")),
    ("clicks", gettext_lazy("Clicks")),
)


def counts(metric: str) -> bool:
    """Whether a figure may count this; "" is no figure."""
    return not metric or metric in dict(METRICS)
