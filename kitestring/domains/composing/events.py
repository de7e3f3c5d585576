"""What happened to posts, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PostEdited:
    """The post's content is another one now: what was approved or frozen before may no longer hold."""

    post_id: UUID
    digest: str
    member_id: UUID
