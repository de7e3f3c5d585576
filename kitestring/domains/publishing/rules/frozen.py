"""What a revision froze for one account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID


def frozen_for(content: Mapping[str, Any], account_id: UUID) -> dict[str, Any] | None:
    """The frozen variant of that account in a revision's content; None when the post did not go there then."""
    variants: dict[str, dict[str, Any]] = content["variants"]
    return next((frozen for frozen in variants.values() if frozen["account"] == str(account_id)), None)
