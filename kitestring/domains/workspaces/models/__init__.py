"""People, workspaces, members, invitations, and the record of changes."""

from kitestring.domains.workspaces.models.audit import AuditEntry
from kitestring.domains.workspaces.models.invitation import Invitation
from kitestring.domains.workspaces.models.member import Language, Member, Role, Theme
from kitestring.domains.workspaces.models.user import User
from kitestring.domains.workspaces.models.workspace import Workspace

__all__ = ["AuditEntry", "Invitation", "Language", "Member", "Role", "Theme", "User", "Workspace"]
