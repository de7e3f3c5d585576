"""What the table promises of each role, said once more in full: a right given by accident shows here."""

from __future__ import annotations

import pytest

from kitestring.domains.workspaces.models import Role
from kitestring.domains.workspaces.permissions import TABLE

READS = {"workspace.read", "brief.read", "post.read", "results.read", "report.read"}
HOLDS = {
    Role.STAKEHOLDER: READS | {"report.sign"},
    Role.ANALYST: READS | {"inbox.read", "idea.add", "idea.vote", "results.type", "report.make"},
    Role.APPROVER: READS | {"inbox.read", "idea.add", "idea.vote", "approval.give"},
}


@pytest.mark.parametrize("role", HOLDS)
def test_the_smaller_roles_hold_these_rights_and_no_other(role: Role) -> None:
    assert {right for right, roles in TABLE.items() if role in roles} == HOLDS[role]


def test_the_owner_holds_every_right() -> None:
    assert [right for right, roles in TABLE.items() if Role.OWNER not in roles] == []
