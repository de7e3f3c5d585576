"""Why a rendition could not be made, in the reader's language: what happened, what was kept, what to do."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as lazy

REASONS: Final = {
    "too_heavy": lazy("“%(name)s” cannot be made small enough for this channel. Send a smaller copy, or a shorter one."),
    "too_narrow": lazy(
        "“%(name)s” is so narrow that hardly anything is left of it in a shape this channel takes. The file is kept; send it "
        "in a shape that is less long."
    ),
    "no_measure": lazy(
        "“%(name)s” does not say how bright its points are, so it cannot be converted. The file is kept; save it with 8 or 16 "
        "bits and send that."
    ),
    "not_taken": lazy("“%(name)s” is of a type this channel does not take, and it cannot be converted. Send it as MP4."),
    "broken": lazy("“%(name)s” cannot be unpacked: it is damaged. The file is kept; send it again."),
    "too_slow": lazy("“%(name)s” takes too long to convert here. The file is kept; send a shorter or smaller copy."),
    "no_program": lazy(
        "Videos cannot be converted here: ffmpeg is missing. “%(name)s” is kept; ask whoever runs this Kitestring, or send "
        "an MP4 that fits."
    ),
    "gone": lazy("The file of “%(name)s” is gone from the media folder. Send it again."),
}  # fmt: skip


# The same file and the same limits end so again; the others may go better another time.
FOR_GOOD: Final = frozenset({"too_heavy", "too_narrow", "no_measure", "not_taken", "broken"})


def reason_words(reason: str, name: str) -> str:
    """The sentence of a reason; "" for one that is not ours."""
    return str(REASONS[reason]) % {"name": name} if reason in REASONS else ""
