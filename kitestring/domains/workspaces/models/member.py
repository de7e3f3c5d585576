"""A person in a workspace: their name there, their role, how they like to read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.workspaces.models.user import User
from kitestring.domains.workspaces.models.workspace import Workspace
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    EDITOR = "editor", _("Editor")
    APPROVER = "approver", _("Approver")
    ANALYST = "analyst", _("Analyst")
    STAKEHOLDER = "stakeholder", _("Stakeholder")


class Language(models.TextChoices):
    """Named in themselves, so that a person who reads nothing else finds theirs."""

    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "简体中文"
    VIETNAMESE = "vi", "Tiếng Việt"


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Member(models.Model):
    """What may this person do here? See `permissions`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=Role)
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    joined_at = models.DateTimeField(default=now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="member_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)
