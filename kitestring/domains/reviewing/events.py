"""What happened to approvals, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PostApproved:
    """A member said yes to this revision."""

    post_id: UUID
    revision_id: UUID


@dataclass(frozen=True)
class ApprovalVoided:
    """What was asked for or approved no longer stands, because the post was edited."""

    post_id: UUID
    revision_id: UUID
