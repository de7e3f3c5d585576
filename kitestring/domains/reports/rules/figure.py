"""The small picture beside a finding: dots in order of time on their usual band, as plain coordinates.

The page and the PDF draw the same coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any, Final

from django.utils.translation import gettext as _

from kitestring.domains.reports.rules import words

WIDTH, HEIGHT = 200.0, 64.0
EDGE: Final = 5.0
MOST: Final = 40


def figure(
    values: Sequence[float],
    *,
    band: tuple[float, float] | None = None,
    line: float | None = None,
    line_label: str = "",
    mark: int | None = None,
    label: str = "",
    caption: str = "",
) -> dict[str, Any]:
    """Coordinates in a box of 200 by 64, origin at the top left.

    At most 40 values: the newest, or from `mark` on where that is older.

    Heights go by the square root: beside one post that flew, all others and the band would lie on one line.

    `band` is the usual, `line` a goal or promise, `mark` the index of the value the finding is about.
    """
    cut = max(0, len(values) - MOST)
    if mark is not None:
        cut = min(cut, mark)
    shown = list(values[cut : cut + MOST])
    at = None if mark is None else mark - cut
    top = max([*shown, *(band or ()), line or 0, 1e-9])

    def y(value: float) -> float:
        return float(round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * sqrt(value / top), 1))

    step = (WIDTH - 2 * EDGE) / max(1, len(shown) - 1)
    dots = [[round(EDGE + n * step, 1), y(v)] for n, v in enumerate(shown)]
    marked = dots[at] if at is not None and 0 <= at < len(dots) else None
    return {
        "dots": [d for n, d in enumerate(dots) if n != at],
        "mark": marked,
        "label": label,
        "band": [y(band[1]), round(max(2.0, y(band[0]) - y(band[1])), 1)] if band else None,
        "line": y(line) if line is not None else None,
        "line_label": line_label,
        "caption": _parted(caption, len(shown), len(values)),
    }


def _parted(caption: str, shown: int, every: int) -> str:
    """A picture that has no room for all of them says so."""
    if shown == every:
        return caption
    return _("%(caption)s (%(n)s of %(m)s shown)") % {
        "caption": caption,
        "n": words.whole(shown),
        "m": words.whole(every),
    }
