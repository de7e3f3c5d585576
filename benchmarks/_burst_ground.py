"""Two thousand duties of two hundred accounts, all due in one second: the ground of delivery_burst, laid by COPY."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from benchmarks._million import DELIVERY, copy
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.workspaces.models import Member, Role, User, Workspace
from kitestring.kit.clock import now
from kitestring.kit.crypto import Vault
from kitestring.kit.ids import uuid7

CHANNEL = "mastodon"
Row = tuple[UUID, UUID, UUID, Account]
TEXT = "Sáng nay Sài Gòn 22 độ: ly cà phê muối đầu tiên đã ra quầy. Ghé Hiên trước mười giờ, phần kem muối được thêm. {n} #hien"


def accounts(count: int, address: str) -> tuple[Member, list[Account]]:
    """A workspace with so many connected accounts on the platform at `address`, each with its sealed grant."""
    workspace = Workspace.objects.create(name="A large house")
    brand = Brand.objects.create(workspace=workspace, name="Hiên", timezone="Asia/Ho_Chi_Minh")
    user = User.objects.create_user("owner@example.com", "kite-string-9")
    member = Member.objects.create(workspace=workspace, user=user, name="Lê Thu Hà", role=Role.OWNER)
    made = Account.objects.bulk_create(
        Account(
            workspace=workspace, brand=brand, channel=CHANNEL, remote_id=str(n), handle=f"@hien{n}",
            name=f"Hiên {n}", urls={"api": address},
        )
        for n in range(count)
    )  # fmt: skip
    sealed = Vault(settings.CRYPTO_KEYS).seal({"token": "t"})
    copy(
        "channels_storedgrant",
        ("id", "account_id", "sealed", "scopes", "renewed_at"),
        ((uuid7(), account.pk, sealed, "[]", now()) for account in made),
    )
    return member, made


def duties(
    member: Member, made: Sequence[Account], count: int, due: datetime
) -> list[tuple[str, dict[str, str]]]:
    """Rows for one burst; gives back what the bare loop sends: (key, body) in the ledger's own order."""
    rows = [(uuid7(), uuid7(), uuid7(), made[n % len(made)]) for n in range(count)]
    brand = made[0].brand_id
    copy(
        "composing_post",
        (
            "id",
            "brand_id",
            "title",
            "text",
            "link",
            "language",
            "created_at",
            "saved_at",
            "version",
            "digest",
        ),
        ((post, brand, "Sáng nay", TEXT, "", "vi", due, due, 1, "d") for post, _r, _k, _a in rows),
    )
    copy(
        "composing_variant",
        ("id", "post_id", "account_id", "kind", "own_media", "options"),
        ((uuid7(), post, account.pk, "post", False, "{}") for post, _r, _k, account in rows),
    )
    copy(
        "composing_revision",
        ("id", "post_id", "number", "digest", "content", "made_at"),
        ((revision, post, 1, "d", "{}", due) for post, revision, _k, _a in rows),
    )
    texts = [TEXT.format(n=n) for n in range(count)]
    copy(
        "publishing_delivery",
        (*DELIVERY, "made_by_id"),
        (_delivery(row, text, due, member) for row, text in zip(rows, texts, strict=True)),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE publishing_delivery, composing_variant, composing_post, composing_revision")
    return [
        (str(key), {"status": text, "language": "vi", "visibility": "public"})
        for (_p, _r, key, _a), text in zip(rows, texts, strict=True)
    ]


def _delivery(row: Row, text: str, due: datetime, member: Member) -> tuple[object, ...]:
    post, revision, key, account = row
    payload, moment = json.dumps({"text": text, "language": "vi"}), now()
    return (
        key, account.pk, "variant", post, "", key, moment, "post", payload, revision, "scheduled", due, 3600, False,
        0, 0, "", "", "", "", "", "{}", "", moment, moment, None, member.pk,
    )  # fmt: skip
