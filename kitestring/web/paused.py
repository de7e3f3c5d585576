"""The line over every page while nothing goes out: who paused it, since when, and the way out for who may."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.workspaces.models import Member, Workspace
from kitestring.domains.workspaces.permissions import may
from kitestring.domains.workspaces.queries import last_by
from kitestring.ui import formats
from kitestring.ui.marks import account_names


@dataclass(frozen=True)
class Paused:
    """`resume`: the address that ends it; "" for who may not."""

    text: str
    resume: str


def paused_over(member: Member, brand: Brand | None) -> Paused | None:
    """What holds the whole workspace, else the brand in hand, else accounts of it; None while nothing is paused."""
    row: Workspace | Brand
    if member.workspace.paused_at is not None:
        row, kind = member.workspace, "workspace"
    elif brand is not None and brand.paused_at is not None:
        row, kind = brand, "brand"
    else:
        return _accounts(member, brand) if brand is not None else None
    by = last_by(member, row.pk, f"{kind}.pause")
    told = {
        "when": formats.date_time(row.paused_at, "short"),
        "who": by.name if by else "",
        "brand": row.name,
    }
    if kind == "workspace":
        text = _("%(who)s paused everything on %(when)s. Nothing goes out until somebody resumes.")
        unknown = _("Everything is paused since %(when)s. Nothing goes out until somebody resumes.")
    else:
        text = _("%(who)s paused %(brand)s on %(when)s. Nothing of it goes out until somebody resumes.")
        unknown = _("%(brand)s is paused since %(when)s. Nothing of it goes out until somebody resumes.")
    resume = reverse("publishing:resume", args=[kind, row.pk]) if may(member, "workspace.pause") else ""
    return Paused((text if by else unknown) % told, resume)


def _accounts(member: Member, brand: Brand) -> Paused | None:
    """One has its way out here; of several each has its own, on the page of switches."""
    found = list(accounts_of(member, brand).filter(paused_at__isnull=False))
    if not found:
        return None
    text = ngettext(
        "%(accounts)s is paused. Nothing of it goes out until somebody resumes.",
        "%(accounts)s are paused. Nothing of them goes out until somebody resumes.",
        len(found),
    ) % {"accounts": _(", ").join(account_names(found))}
    alone = len(found) == 1 and may(member, "workspace.pause")
    return Paused(text, reverse("publishing:resume", args=["account", found[0].pk]) if alone else "")
