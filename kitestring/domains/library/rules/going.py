"""What becomes of a file on a channel, in words: "JPEG, 1080 × 1350, cropped, 2.1 MB → 480 kB"."""

from __future__ import annotations

from typing import Final, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kitestring.domains.library.rules.plan import Known, Step
from kitestring.domains.library.rules.reasons import reason_words
from kitestring.ui.formats import duration
from kitestring.ui.numbers import number
from kitestring.ui.numbers import size as size_words

CALLED: Final = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WebP", "image/avif": "AVIF",
    "image/tiff": "TIFF", "video/mp4": "MP4", "video/quicktime": "MOV", "video/webm": "WebM",
}  # fmt: skip


class Going(Protocol):
    """What goes, as `queries.planned.Planned` has it."""

    @property
    def mime(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def steps(self) -> tuple[Step, ...]: ...
    @property
    def ready(self) -> bool: ...
    @property
    def failed(self) -> str: ...
    @property
    def possible(self) -> bool: ...


def kind_of(mime: str) -> str:
    """ "JPEG": a type as people call it."""
    return CALLED.get(mime, mime.partition("/")[2].upper())


def facts(asset: Known) -> str:
    """ "MP4, 1920 × 1080, 42 s, 12 MB": the file itself."""
    told = [kind_of(asset.mime)]
    if asset.width and asset.height:
        told.append(_sides(asset.width, asset.height))
    if asset.duration:
        told.append(duration(asset.duration))
    return _listed([*told, size_words(asset.size)])


def told(asset: Known, name: str, going: Going) -> str:
    """What goes there, and what is done to the file for it."""
    if going.failed:
        return reason_words(going.failed, name)
    if not going.possible:
        return _("not taken there")
    if not going.steps:
        return _("as it is")
    # A PNG may go as PNG after all where it is see-through; until it is made nobody knows.
    parts = [kind_of(going.mime), _sides(going.width, going.height)] if going.width else [kind_of(going.mime)]
    parts += [words for step, words in _done(asset, going).items() if step in going.steps]
    if going.size:
        change = {"before": size_words(asset.size), "after": size_words(going.size)}
        parts.append(_("%(before)s → %(after)s") % change)
    if not going.ready and asset.mime.startswith("video/"):
        parts.append(_("made before its hour"))
    return _listed(parts)


def _done(asset: Known, going: Going) -> dict[str, str]:
    return {
        "cropped": _("cropped to %(shape)s") % {"shape": shape(going.width, going.height)},
        "smaller": _("scaled down"),
        "converted": _("converted from %(kind)s") % {"kind": kind_of(asset.mime)},
        "lighter": _("made lighter"),
        "stands_still": _("its first picture only: it does not move there"),
    }


def shape(width: int, height: int) -> str:
    """ "4:5": in small whole numbers where that is near, else to one."""
    for below in (1, 2, 3, 4, 5, 9, 16):
        above = width / height * below
        if round(above) and abs(width / height - round(above) / below) < 0.004:
            return f"{round(above)}:{below}"
    return f"{number(width / height, 2)}:1"


def _sides(width: int, height: int) -> str:
    return f"{width} × {height}"


def _listed(parts: list[str]) -> str:
    # Translators: between the things of a list, as in "2 lines, the pictures"
    return pgettext("list", ", ").join(parts)
