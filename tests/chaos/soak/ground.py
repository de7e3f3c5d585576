"""The house the soak works in, and its duties: laid by COPY, as many at once as a burst has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from benchmarks._million import DELIVERY, copy
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.library.models import Asset
from kitestring.domains.publishing.actions.tell import wake_slots
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.harbour.manifests import WAYS
from kitestring.domains.workspaces.models import Member, Role, User, Workspace
from kitestring.kit.clock import now
from kitestring.kit.crypto import Vault
from kitestring.kit.ids import uuid7
from tests.chaos.sequences import ROLES
from tests.chaos.soak.channel import slug
from tests.chaos.soak.plan import is_sequence, way_of
from tests.chaos.soak.platform import REFUSES_TWINS

TOLERANCE: Final = 6 * 3600  # a clock that jumps must not make everything late
ZONE: Final = "Europe/Berlin"
TEXT: Final = "{n} Guten Morgen, der erste Kaffee steht bereit. 早上好，第一杯咖啡好了。 Chào buổi sáng, ly đầu tiên đây."
POST: Final = (
    "id", "brand_id", "title", "text", "link", "language", "created_at", "saved_at", "version", "digest",
)  # fmt: skip


def _parts(number: int, text: str) -> dict[str, Any]:
    """A head, two parts and a comment where the duty is a sequence: the first word says which."""
    if not is_sequence(number):
        return {}
    words = [text, *(f"{number}/{place} {text}" for place in range(1, len(ROLES)))]
    return {"parts": [{"role": role, "text": said} for role, said in zip(ROLES, words, strict=True)]}


@dataclass(frozen=True)
class Duty:
    """One delivery of the soak, as it was laid. `due` by the product's clock."""

    number: int
    id: UUID
    way: str
    account: UUID
    due: datetime
    picture: bool = False


class Ground:
    """A workspace with one brand; `each` accounts on each way of safety, some of which refuse twins."""

    def __init__(self, each: int) -> None:
        workspace = Workspace.objects.create(name="A house at sea")
        self.brand = Brand.objects.create(
            workspace=workspace, name="Kombüse", timezone=ZONE, needs_approval=False
        )
        user = User.objects.create_user("owner@example.com", "kite-string-9")
        self.member = Member.objects.create(workspace=workspace, user=user, name="Imke", role=Role.OWNER)
        self.accounts = {way: [self._account(way, n) for n in range(each)] for way in WAYS}
        sealed = Vault(settings.CRYPTO_KEYS).seal({"token": "t0", "refresh": "r0"})
        long_ago = now() - timedelta(hours=1)
        everyone = [account for those in self.accounts.values() for account in those]
        copy(
            "channels_storedgrant",
            ("id", "account_id", "sealed", "scopes", "renewed_at"),
            ((uuid7(), account.pk, sealed, "[]", long_ago) for account in everyone),
        )
        self.laid = 0
        self._in_doubt: list[Duty] = []

    def _account(self, way: str, n: int) -> Account:
        name = f"{way}-{REFUSES_TWINS if n % 3 == 2 else 'plain'}-{n}"
        return Account.objects.create(
            workspace=self.brand.workspace, brand=self.brand, channel=slug(way), account_type=way,
            remote_id=name, handle=f"@{name}", name=name,
        )  # fmt: skip

    def lay(self, dues: Sequence[datetime], pictures: Sequence[Asset] = ()) -> list[Duty]:
        """One duty for each moment, on the accounts in turn, the first ones with these pictures; with their wake-ups.

        When the database goes away meanwhile nobody knows whether it has them: the next call looks first.
        """
        found = self._undecided()
        duties = [self._duty(self.laid + place, due, place < len(pictures)) for place, due in enumerate(dues)]
        self._in_doubt = duties
        with transaction.atomic():
            self._write(duties, {duty.number: asset for duty, asset in zip(duties, pictures, strict=False)})
            wake_slots(set(dues))
        self.laid, self._in_doubt = self.laid + len(duties), []
        return [*found, *duties]

    def _undecided(self) -> list[Duty]:
        """What an earlier call had sent off when the database went away, if it is there."""
        doubted = self._in_doubt
        if not doubted or not Delivery.objects.filter(pk=doubted[0].id).exists():
            return []
        self.laid, self._in_doubt = self.laid + len(doubted), []
        return doubted

    def _duty(self, number: int, due: datetime, picture: bool) -> Duty:
        way = way_of(number)
        accounts = self.accounts[way]
        account = accounts[number // len(WAYS) % len(accounts)]
        return Duty(number, uuid7(), way, account.pk, due, picture)

    def _write(self, duties: Sequence[Duty], shown: dict[int, Asset]) -> None:
        moment, brand = now(), self.brand.pk
        rows = [(duty, uuid7(), uuid7(), TEXT.format(n=duty.number)) for duty in duties]
        copy(
            "composing_post",
            POST,
            ((post, brand, "Kaffee", text, "", "de", moment, moment, 1, "d") for _d, post, _r, text in rows),
        )
        copy(
            "composing_variant",
            ("id", "post_id", "account_id", "kind", "own_media", "options"),
            ((uuid7(), post, duty.account, "post", False, "{}") for duty, post, _r, _t in rows),
        )
        copy(
            "composing_revision",
            ("id", "post_id", "number", "digest", "content", "made_at"),
            ((revision, post, 1, "d", "{}", moment) for _d, post, revision, _t in rows),
        )
        copy(
            "publishing_delivery",
            (*DELIVERY, "made_by_id"),
            (self._delivery(*row, moment, shown.get(row[0].number)) for row in rows),
        )

    def _delivery(
        self, duty: Duty, post: UUID, revision: UUID, text: str, moment: datetime, picture: Asset | None
    ) -> tuple[Any, ...]:
        media = [{"asset": str(picture.pk), "sha256": picture.sha256, "alt": ""}] if picture else []
        payload = json.dumps({"text": text, "language": "de", "media": media, **_parts(duty.number, text)})
        return (
            duty.id, duty.account, "variant", post, "", duty.id, moment, "post", payload, revision, "scheduled",
            duty.due, TOLERANCE, False, 0, 0, "", "", "", "", "", "{}", "", moment, moment, None, self.member.pk,
        )  # fmt: skip
