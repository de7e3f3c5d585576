"""A text as a code that a phone's camera reads."""

from __future__ import annotations

import segno
from markupsafe import Markup, escape

QUIET = 3  # modules of white around it; the sheet it lies on is white too


def qr(text: str, label: str) -> Markup:
    """A QR code as inline SVG, dark on white in both themes: cameras read it no other way. `label` says what it opens."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=QUIET, omitsize=True, svgclass="qr", dark="#1c1b19", light="#ffffff"
    )
    # Segno writes numbers and its own names only; nothing of `text` stands in it as letters.
    return Markup(f'<span class="qrbox" role="img" aria-label="{escape(label)}">{drawn}</span>')  # noqa: S704 - see above
