"""Reads of people and workspaces. All but the entrance's start from a member."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kitestring.domains.workspaces.models import AuditEntry, Invitation, Member, Role, User, Workspace
from kitestring.domains.workspaces.permissions import TABLE
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.kit.rows import objects

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

FIRST_OWNER_LOCK: Final = 0x6B737472  # "kstr"
SIGNED: Final = "signed_as"  # the name under what somebody did without a seat here


def kept_session(session_key: str | None) -> Session | None:
    """The session of this key, unless it has ended. A key that no row can hold is nobody's."""
    if not session_key or "\0" in session_key:
        return None
    found = objects(
        "SELECT {s} FROM django_session s WHERE s.session_key = %s AND s.expire_date > %s",
        session_key,
        now(),
        s=Session,
    )
    return found[0][0] if found else None


def ended_sessions() -> QuerySet[Session]:
    """Sessions that open nothing any more."""
    return Session.objects.filter(expire_date__lte=now())


def memberships_of(user: User | AnonymousUser) -> list[Member]:
    """The workspaces a person works in, oldest first, each with its workspace loaded."""
    if not user.is_authenticated:
        return []
    found = objects(
        "SELECT {m}, {w} FROM workspaces_member m JOIN workspaces_workspace w ON w.id = m.workspace_id"
        " WHERE m.user_id = %s AND m.left_at IS NULL ORDER BY m.joined_at, m.id",
        user.pk,
        m=Member,
        w=Workspace,
    )
    memberships: list[Member] = []
    for member, workspace in found:
        member.workspace, member.user = workspace, user
        memberships.append(member)
    return memberships


def instance_is_empty() -> bool:
    """Nobody has ever signed up here."""
    return not User.objects.exists()


def hold_first_owner() -> None:
    """Until this transaction ends nobody else can become the first owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_OWNER_LOCK])


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()


def lock_workspace(member: Member) -> Workspace:
    """The member's workspace, held until this transaction ends: changes of people and switches queue up here."""
    return Workspace.objects.select_for_update().get(pk=member.workspace_id)


def members_of(member: Member) -> QuerySet[Member]:
    """Who works in the member's workspace now, oldest first."""
    return (
        Member.objects.filter(workspace_id=member.workspace_id, left_at=None)
        .select_related("user")
        .order_by("joined_at", "id")
    )


def everybody_ever(member: Member) -> QuerySet[Member]:
    """Who works in the member's workspace and who left it: the record names both."""
    return Member.objects.filter(workspace_id=member.workspace_id)


def others_who(member: Member, permission: str) -> QuerySet[Member]:
    """Who else works here now and holds the permission, oldest first."""
    return members_of(member).filter(role__in=TABLE[permission]).exclude(pk=member.pk)


def colleague(member: Member, member_id: UUID | str) -> Member:
    """One member of the same workspace. Raises Refusal (not_found)."""
    found = members_of(member).filter(pk=member_id).first()
    if found is None:
        raise Refusal(_("This person is not a member here any more."), reason="not_found")
    return found


def former_member(workspace_id: UUID, user: User) -> Member | None:
    """The person's membership in a workspace, present or past."""
    return Member.objects.filter(workspace_id=workspace_id, user=user).first()


def other_owners(member: Member) -> int:
    """How many owners there are besides this one."""
    return members_of(member).filter(role=Role.OWNER).exclude(pk=member.pk).count()


def open_invitations(member: Member) -> QuerySet[Invitation]:
    """Neither used nor revoked; may have expired (`expires_at`). Newest first."""
    return (
        Invitation.objects.filter(workspace_id=member.workspace_id, accepted_at=None, revoked_at=None)
        .select_related("invited_by")
        .order_by("-created_at", "-id")
    )


def invitations_ever(member: Member) -> QuerySet[Invitation]:
    """Every invitation to the member's workspace, whatever became of it."""
    return Invitation.objects.filter(workspace_id=member.workspace_id)


def open_invitation(member: Member, invitation_id: UUID | str) -> Invitation:
    """One open invitation, held for change. Raises Refusal (not_found)."""
    found = open_invitations(member).select_for_update(of=("self",)).filter(pk=invitation_id).first()
    if found is None:
        raise Refusal(_("This invitation was already used or revoked."), reason="not_found")
    return found


def hash_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return sha256(secret.encode()).hexdigest()


def invitation_of(secret: str, *, hold: bool = False) -> Invitation:
    """The invitation behind a link that still works. Raises Refusal (not_found) with what to do."""
    rows = Invitation.objects.select_related("workspace", "invited_by")
    if hold:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(secret_hash=hash_of(secret)).first()
    if found is None or found.revoked_at:
        raise Refusal(
            _("This invitation does not work (any more). Ask the person who sent it for a new link."),
            reason="not_found",
        )
    if found.accepted_at:
        raise Refusal(_("This invitation was already used. Sign in instead."), reason="not_found")
    if found.expires_at <= now():
        raise Refusal(
            _("This invitation has expired. Ask %(name)s for a new link.") % {"name": found.invited_by.name},
            reason="not_found",
        )
    return found


def invitation_to_mail(invitation_id: UUID | str) -> Invitation | None:
    """An invitation that is still open, for the worker that mails it."""
    return (
        Invitation.objects.select_related("workspace", "invited_by")
        .filter(pk=invitation_id, accepted_at=None, revoked_at=None)
        .first()
    )


def changes_seen_by(
    member: Member, *, words: str = "", who: str = "", about: Collection[UUID] | None = None
) -> QuerySet[AuditEntry]:
    """The record of changes, newest first. `words` match the verb and the values; `who` is a member's id, "house" for what
    no person did, or "link" for what somebody without a seat here signed.

    `about`: only of these rows.
    """
    rows = AuditEntry.objects.filter(workspace_id=member.workspace_id).select_related("member")
    for word in words.split()[:6]:
        rows = rows.filter(
            Q(verb__icontains=word)
            | Q(subject_kind__icontains=word)
            | Q(before__icontains=word)
            | Q(after__icontains=word)
            | Q(member__name__icontains=word)
        )
    if about is not None:
        rows = rows.filter(subject_id__in=about)
    if who == "house":
        rows = rows.filter(member=None).exclude(after__has_key=SIGNED)
    elif who == "link":
        rows = rows.filter(member=None, after__has_key=SIGNED)
    elif who:
        rows = rows.filter(member_id=who)
    return rows.order_by("-at", "-id")


def last_by(member: Member, subject_id: UUID, verb: str) -> Member | None:
    """Who did this to the row last; None where the house did it, or nobody is known to."""
    rows = AuditEntry.objects.filter(workspace_id=member.workspace_id, subject_id=subject_id, verb=verb)
    newest = rows.select_related("member").order_by("-at", "-id").first()
    return newest.member if newest else None


def changes_of(workspace_id: UUID, subject_id: UUID, verbs: Collection[str]) -> QuerySet[AuditEntry]:
    """What was done to one row by these verbs, in order, each with who did it."""
    return changes_among(workspace_id, [subject_id], verbs)


def changes_among(
    workspace_id: UUID, subject_ids: Collection[UUID], verbs: Collection[str]
) -> QuerySet[AuditEntry]:
    """The same of several rows, in one order."""
    rows = AuditEntry.objects.filter(workspace_id=workspace_id, subject_id__in=subject_ids, verb__in=verbs)
    return rows.select_related("member").order_by("at", "id")


def changes_since(member: Member, verbs: Collection[str], since: datetime) -> QuerySet[AuditEntry]:
    """What was done in the workspace by these verbs since then, newest first, each with who did it."""
    rows = AuditEntry.objects.filter(workspace_id=member.workspace_id, verb__in=verbs, at__gte=since)
    return rows.select_related("member").order_by("-at", "-id")


def value_then(member: Member, subject_id: UUID, key: str, since: datetime) -> Any:
    """What a recorded value of the row was at that moment, if it changed after it; None where it did not."""
    rows = AuditEntry.objects.filter(workspace_id=member.workspace_id, subject_id=subject_id, at__gt=since)
    for before, after in rows.order_by("at", "id").values_list("before", "after"):
        if key in before and before[key] != after.get(key):
            return before[key]
    return None


def member_by_id(member_id: UUID) -> Member | None:
    """A member by id, for the worker; None when the row is gone."""
    return Member.objects.select_related("workspace").filter(pk=member_id).first()
