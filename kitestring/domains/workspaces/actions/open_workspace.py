"""Opens the first workspace of an empty instance for its first owner."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.actions.register import named, register
from kitestring.domains.workspaces.models import Member, Role, Workspace
from kitestring.domains.workspaces.queries import hold_first_owner, instance_is_empty
from kitestring.kit.refusals import Conflict


@transaction.atomic
def open_workspace(
    *, email: str, password: str, name: str, workspace_name: str, language: str = "en"
) -> Member:
    """The owner of a new workspace. Of two at once one wins; the other gets Conflict. Raises Refusal with its field."""
    hold_first_owner()
    if not instance_is_empty():
        raise Conflict(_("Somebody has just opened this instance. Ask them for an invitation."))
    user = register(email, password)
    workspace = Workspace(name=named(workspace_name, "workspace_name"))
    workspace.save(force_insert=True)
    member = Member(workspace=workspace, user=user, name=named(name), role=Role.OWNER, language=language)
    member.save(force_insert=True)
    record(member, "workspace.open", workspace, after={"name": workspace.name, "owner": member.name})
    return member
