"""Changes a brand, puts it aside, or brings it back."""

from __future__ import annotations

from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.brands.actions.write import Wanted, checked, differences
from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.queries import brand, brands_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.domains.workspaces.queries import lock_workspace
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@transaction.atomic
def change_brand(member: Member, brand_id: UUID, **wanted: Unpack[Wanted]) -> Brand:
    """Change what is given. Raises Refusal with its field."""
    require(member, "brand.change")
    lock_workspace(member)
    found = brand(member, brand_id, hold=True)
    before, after = differences(found, checked(member, wanted, of=found.pk))
    for key, value in after.items():
        setattr(found, key, value)
    if after:
        found.save(update_fields=list(after))
        name = {"name": found.name}
        record(member, "brand.change", found, before={**name, **before}, after={**name, **after})
    return found


@transaction.atomic
def archive_brand(member: Member, brand_id: UUID) -> Brand:
    """Put a brand aside: nothing of it is shown or goes out, nothing is lost. One brand stays."""
    require(member, "brand.change")
    lock_workspace(member)
    found = brand(member, brand_id, hold=True)
    if found.archived_at is None:
        if len(brands_of(member)) < 2:
            raise Refusal(_("This is the only brand. Add another one before you archive it."))
        found.archived_at = now()
        found.save(update_fields=["archived_at"])
        record(member, "brand.archive", found, before={"name": found.name})
    return found


@transaction.atomic
def restore_brand(member: Member, brand_id: UUID) -> Brand:
    """Bring an archived brand back as it was."""
    require(member, "brand.change")
    lock_workspace(member)
    found = brand(member, brand_id, hold=True)
    if found.archived_at is not None:
        found.archived_at = None
        found.save(update_fields=["archived_at"])
        record(member, "brand.restore", found, after={"name": found.name})
    return found
