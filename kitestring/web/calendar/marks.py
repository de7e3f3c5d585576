"""Channel marks for a page of five hundred posts: each drawn once, and pointed at from there on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from markupsafe import Markup, escape

from kitestring.domains.channels.models import Account
from kitestring.ui.marks import channel_mark, channel_name

DRAWING: Final = re.compile(r"<svg([^>]*)>(.*)</svg>", re.DOTALL)
BOX: Final = re.compile(r'viewBox="[^"]*"')


@dataclass(frozen=True)
class Marks:
    """`drawings`: to stand once in the page. `of`: by account, what stands at each of its posts."""

    drawings: Markup
    of: Mapping[UUID, Markup]


def marks_of(accounts: Iterable[Account]) -> Marks:
    """The marks of these accounts' channels; one without a drawing stands as it is."""
    drawings: dict[str, str] = {}
    marks: dict[UUID, Markup] = {}
    for account in accounts:
        whole = channel_mark(account)
        found = DRAWING.fullmatch(str(whole).strip())
        if found is None:
            marks[account.pk] = whole
            continue
        box = BOX.search(found[1])
        name = f"cm-{account.channel}"
        drawings[name] = f'<symbol id="{name}" {box[0] if box else ""}>{found[2]}</symbol>'
        label = escape(channel_name(account))
        marks[account.pk] = Markup(  # noqa: S704 - our own drawing and an escaped name
            f'<svg class="ch" role="img" aria-label="{label}"><use href="#{name}"/></svg>'
        )
    return Marks(Markup("".join(drawings.values())), marks)  # noqa: S704 - the connectors' drawings, checked by ui.marks
