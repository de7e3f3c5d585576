"""Checks what is written down about a brand, wherever it comes from."""

from __future__ import annotations

import re
from typing import Any, Final, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.queries import brand_named, database_knows
from kitestring.domains.brands.rules import zone_named
from kitestring.domains.workspaces.actions.register import named
from kitestring.domains.workspaces.models import Language, Member
from kitestring.kit.refusals import Refusal
from kitestring.rulepacks import laws

COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
LONGEST: Final = 14 * 24 * 60


class Wanted(TypedDict, total=False):
    """What may be said of a brand; `answer_within` in minutes, `timezone` an IANA name or a city's, `markets` of `laws()`."""

    name: str
    language: str
    timezone: str
    colour: str
    mark: str
    needs_approval: bool
    answer_within: int
    markets: list[str]


def checked(member: Member, wanted: Wanted, *, of: UUID | None = None) -> dict[str, Any]:
    """The same, trimmed and sound. Raises Refusal with the field that is not. `of`: the brand being changed."""
    clean: dict[str, Any] = dict(wanted)
    if "name" in clean:
        clean["name"] = _name(member, str(clean["name"]), of)
    if "language" in clean and clean["language"] not in Language.values:
        raise Refusal(_("This language is not known here."), field="language")
    if "timezone" in clean:
        zone = zone_named(str(clean["timezone"]))
        if zone is None or not database_knows(zone):
            raise Refusal(
                _("This time zone is not known. Type a large city near you, then choose from the list."),
                field="timezone",
            )
        clean["timezone"] = zone
    if "colour" in clean and not COLOUR.fullmatch(clean["colour"]):
        raise Refusal(_("Please choose a colour."), field="colour")
    if "mark" in clean:
        clean["mark"] = "".join(str(clean["mark"]).split())[:2]
    if "answer_within" in clean and not 0 < clean["answer_within"] <= LONGEST:
        raise Refusal(_("Please choose a time of at most 14 days."), field="answer_within")
    if "markets" in clean:
        clean["markets"] = sorted(set(clean["markets"]))
        if not set(clean["markets"]) <= set(laws()):
            raise Refusal(_("Choose among the markets offered."), field="markets")
    return clean


def _name(member: Member, text: str, of: UUID | None) -> str:
    name = named(text)
    if twin := brand_named(member, name, besides=of):
        said = _("There is an archived brand called %(name)s. Bring it back, or choose another name.")
        if twin.archived_at is None:
            said = _("There is a brand called %(name)s already. Please choose another name.")
        raise Refusal(said % {"name": twin.name}, field="name")
    return name


def differences(brand: Brand, wanted: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of what really changes. Markets left as they were proposed go on following zone and language."""
    after = {key: value for key, value in wanted.items() if getattr(brand, key) != value}
    if brand.markets is None and after.get("markets") == brand.sells_in:
        del after["markets"]
    return {key: getattr(brand, key) for key in after}, after
