"""Opens an empty instance: the first owner, their workspace and its first brand, all or nothing."""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.brands.actions.add_brand import add_brand
from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.actions.open_workspace import open_workspace
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal


@transaction.atomic
def open_instance(
    *,
    name: str,
    email: str,
    password: str,
    workspace_name: str,
    language: str,
    brand_name: str,
    brand_language: str,
    timezone: str,
) -> tuple[Member, Brand]:
    """The owner and the first brand. Raises Conflict when somebody was faster, Refusal with its field otherwise."""
    owner = open_workspace(
        email=email, password=password, name=name, workspace_name=workspace_name, language=language
    )
    try:
        brand = add_brand(owner, name=brand_name, language=brand_language, timezone=timezone)
    except Refusal as refusal:
        field = {"name": "brand_name", "language": "brand_language"}.get(refusal.field, refusal.field)
        raise Refusal(refusal.message, reason=refusal.reason, field=field) from refusal
    return owner, brand
