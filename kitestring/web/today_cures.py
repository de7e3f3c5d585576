"""How a fault on Today is cured: the one button of its line, for those who may press it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from kitestring.domains.publishing.queries.problems import Problem
from kitestring.domains.publishing.rules.holding import GRANT
from kitestring.domains.publishing.rules.words import cure_of
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.web.today_lines import Need


@dataclass(frozen=True)
class Cure:
    """The words of the button and where it leads; with `deed` it is done at once, and Today comes back."""

    text: str
    href: str
    deed: bool = False


def cure(need: Need | Problem, member: Member) -> Cure:
    """What one press can cure is pressed here. What a person must look at first, or what concerns several accounts,
    leads to the page that tells what happened.
    """
    if isinstance(need, Problem):
        return _of_problem(need, member)
    one, here = need.first, partial(may, member)
    why = cure_of(one.reason) or ("reconnect" if one.state == "held" else "")
    if one.state == "handed_off" or why == "hand_off":
        return Cure(_("Publish by hand"), reverse("publishing:hand_off", args=[one.pk]))
    if one.state in ("held", "needs_attention"):
        if why == "reconnect" and here("account.connect"):
            return Cure(_("Connect again"), reverse("channels:reconnect", args=[one.account_id]))
        if why == "resume" and here("workspace.pause"):
            return Cure(_("Go to the switch"), reverse("publishing:pauses"))
        if why in ("approve", "edit") and one.revision is not None:
            return Cure(_("Open the post"), reverse("composing:post", args=[one.revision.post_id]))
        if one.state == "held" and why == "release" and len(need.accounts) == 1:
            return Cure(_("Release"), reverse("publishing:deed", args=[one.pk, "release"]), deed=True)
    return Cure(_("What happened"), reverse("publishing:delivery", args=[one.pk]))


def _of_problem(one: Problem, member: Member) -> Cure:
    """For who may not let it all go: what waits, to be moved or given up."""
    if one.what == GRANT and may(member, "account.connect"):
        return Cure(_("Connect again"), reverse("channels:reconnect", args=[one.row_id]))
    if one.what != GRANT and may(member, "workspace.pause"):
        return Cure(_("Go to the switch"), reverse("publishing:pauses"))
    return Cure(_("See what waits"), reverse("publishing:waiting", args=[one.what, one.row_id]))
