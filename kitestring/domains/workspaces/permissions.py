"""The permission table: which role may do what. The only place where rights are written down.

An action asks `require(member, "post.schedule")`; a page asks `may(member, ...)` to show or hide a button.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from kitestring.domains.workspaces.models import Member, Role
from kitestring.kit.refusals import Refusal

OWNER, MANAGER, EDITOR = Role.OWNER, Role.MANAGER, Role.EDITOR
APPROVER, ANALYST, STAKEHOLDER = Role.APPROVER, Role.ANALYST, Role.STAKEHOLDER
EVERYONE: Final = frozenset(Role)
WORKERS: Final = EVERYONE - {STAKEHOLDER}

TABLE: Final[dict[str, frozenset[Role]]] = {
    "workspace.read": EVERYONE,
    "workspace.change": frozenset({OWNER}),
    "workspace.pause": frozenset({OWNER, MANAGER}),
    "member.invite": frozenset({OWNER, MANAGER}),
    "member.change": frozenset({OWNER}),
    "audit.read": frozenset({OWNER, MANAGER}),
    "brand.change": frozenset({OWNER, MANAGER}),
    "account.connect": frozenset({OWNER, MANAGER}),
    "asset.add": frozenset({OWNER, MANAGER, EDITOR}),
    "asset.change": frozenset({OWNER, MANAGER, EDITOR}),
    "brief.write": frozenset({OWNER, MANAGER, EDITOR}),
    "brief.read": EVERYONE,
    "idea.add": WORKERS,
    "idea.vote": WORKERS,
    "idea.shortlist": frozenset({OWNER, MANAGER, EDITOR}),
    "decision.make": frozenset({OWNER, MANAGER}),
    "campaign.change": frozenset({OWNER, MANAGER}),
    "post.write": frozenset({OWNER, MANAGER, EDITOR}),
    "post.read": EVERYONE,
    "approval.ask": frozenset({OWNER, MANAGER, EDITOR}),
    "approval.give": frozenset({OWNER, MANAGER, APPROVER}),
    "delivery.schedule": frozenset({OWNER, MANAGER, EDITOR}),
    "series.change": frozenset({OWNER, MANAGER, EDITOR}),
    "delivery.settle": frozenset({OWNER, MANAGER, EDITOR}),
    "inbox.read": WORKERS,
    "inbox.reply": frozenset({OWNER, MANAGER, EDITOR}),
    "results.read": EVERYONE,
    "results.type": frozenset({OWNER, MANAGER, EDITOR, ANALYST}),
    "report.make": frozenset({OWNER, MANAGER, ANALYST}),
    "report.read": EVERYONE,
    "report.sign": frozenset({OWNER, STAKEHOLDER}),
}


def may(member: Member, permission: str) -> bool:
    """Whether the member's role holds the permission. Raises KeyError for one not in the table."""
    return member.left_at is None and Role(member.role) in TABLE[permission]


def require(member: Member, permission: str) -> None:
    """Raise `Refusal` with a sentence when the member may not."""
    if not may(member, permission):
        raise Refusal(why_not(member), reason="not_permitted")


def why_not(member: Member) -> str:
    """What is said to a member whose role does not hold a permission."""
    said = _("Your role (%(role)s) cannot do this. Nothing was changed. Ask an owner or a manager.")
    return said % {"role": member.role_label}
