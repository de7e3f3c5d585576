"""A brand with a million messages, a full month and three months of numbers, loaded by COPY: the ground of page_latency."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from kitestring.connectorkit import registry
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.workspaces.models import Member, Role, User, Workspace
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7

EACH, ONE_OWED_IN = 4, 20
POSTS_OF_THE_MONTH, POSTS_BEFORE = 500, 200
SAYS = (
    "Mình đặt 2 ly cà phê muối mà giao chậm 40 phút, đá tan hết rồi ạ",
    "太好了！不加冰也可以送到酒店吗？我们住美溪沙滩那边。",
    "Is the oat milk one back at the Hội An shop?",
)


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Stream rows into a table; returns how many."""
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as into,
    ):
        for row in rows:
            into.write_row(row)
            count += 1
    return count


def people() -> tuple[Member, Brand, list[Account]]:
    """A workspace with an owner, a brand, and an account on every channel that has an inbox."""
    workspace = Workspace.objects.create(name="A large house")
    brand = Brand.objects.create(workspace=workspace, name="Hiên", timezone="Asia/Ho_Chi_Minh")
    user = User.objects.create_user("owner@example.com", "kite-string-9")
    member = Member.objects.create(workspace=workspace, user=user, name="Lê Thu Hà", role=Role.OWNER)
    slugs = [s for s, c in registry.connectors().items() if c.can("inbox")]
    made = [
        Account.objects.create(
            workspace=workspace, brand=brand, channel=s, remote_id=s, handle=s, name=f"Hiên {s}"
        )
        for s in slugs
    ]
    return member, brand, made


DELIVERY = (
    "id", "account_id", "kind", "subject_id", "occurrence", "key", "stamp", "publish_kind", "payload", "revision_id",
    "state", "due_at", "tolerance", "needs_approval", "attempts", "unclear", "handle", "waits_for", "remote_id",
    "remote_url", "reason", "reason_params", "said", "made_at", "changed_at", "published_at",
)  # fmt: skip


def posts(brand: Brand, accounts: list[Account]) -> int:
    """500 posts due this month (the past ones live) and 200 live ones before, each with its samples on the ladder."""
    moment, drawn = now(), random.Random(7)
    first = moment.astimezone(brand.zone).replace(day=1, hour=1, minute=0)
    dues = [first + timedelta(minutes=n * 28 * 1440 / POSTS_OF_THE_MONTH) for n in range(POSTS_OF_THE_MONTH)]
    dues += [first - timedelta(days=1 + n * 80 / POSTS_BEFORE) for n in range(POSTS_BEFORE)]
    rows = [(uuid7(), uuid7(), uuid7(), due, accounts[n % len(accounts)]) for n, due in enumerate(dues)]
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
        (
            (p, brand.pk, f"Cà phê muối {p.hex[-4:]}", SAYS[0], "", "vi", d, d, 1, "")
            for p, _r, _d, d, _a in rows
        ),
    )
    copy(
        "composing_revision",
        ("id", "post_id", "number", "digest", "content", "made_at"),
        ((r, p, 1, "d", "{}", d) for p, r, _d, d, _a in rows),
    )
    copy("publishing_delivery", DELIVERY, (_delivery(row, moment) for row in rows))
    live = [(d, due) for _p, _r, d, due, _a in rows if due <= moment]
    return copy(
        "analytics_sample",
        ("id", "delivery_id", "metric", "value", "field", "why", "at", "read_at"),
        _samples(live, moment, drawn),
    )


def _delivery(row: tuple[UUID, UUID, UUID, datetime, Account], moment: datetime) -> tuple[Any, ...]:
    _post, revision, key, due, account = row
    live = due <= moment
    payload = json.dumps({"text": SAYS[0], "language": "vi"})
    return (
        key, account.pk, "variant", uuid7(), "", uuid7(), due, "post", payload, revision,
        "published" if live else "scheduled", due, 3600, False, 1 if live else 0, 0, "", "", key.hex if live else "",
        "", "", "{}", "", due, due, due if live else None,
    )  # fmt: skip


def _samples(
    live: list[tuple[UUID, datetime]], moment: datetime, drawn: random.Random
) -> Iterator[tuple[Any, ...]]:
    for delivery, at in live:
        size = drawn.lognormvariate(3, 0.7)
        for hours in (0.1, 0.5, 1, 3, 6, 12, 24, 48, 72, 168):
            read = at + timedelta(hours=hours)
            if read > moment:
                break
            for metric in ("likes", "replies", "reposts"):
                value = round(size * min(1.0, hours / 48 + 0.2))
                yield uuid7(), delivery, metric, value, metric, "", read, read


def talks(brand: Brand, accounts: list[Account], conversations: int) -> int:
    """So many conversations with four messages each, one in twenty owed."""
    moment = now()
    heads = [
        (uuid7(), uuid7(), accounts[n % len(accounts)], moment - timedelta(seconds=n * 31))
        for n in range(conversations)
    ]
    copy(
        "inbox_contact",
        ("id", "brand_id", "channel", "remote_id", "name", "handle", "stance", "first_seen_at"),
        (
            (c, brand.pk, a.channel, c.hex, f"Ngọc Trâm {c.hex[-5:]}", "", "unknown", at)
            for c, _t, a, at in heads
        ),
    )
    copy(
        "inbox_conversation",
        (
            "id", "brand_id", "account_id", "contact_id", "post_remote_id", "contact_name", "snippet", "owed_since",
            "answer_by", "last_at",
        ),
        (
            (
                t, brand.pk, a.pk, c, c.hex, f"Ngọc Trâm {c.hex[-5:]}", SAYS[n % 3],
                at if n % ONE_OWED_IN == 0 else None,
                at + timedelta(hours=4) if n % ONE_OWED_IN == 0 else None, at,
            )
            for n, (c, t, a, at) in enumerate(heads)
        ),
    )  # fmt: skip
    return copy(
        "inbox_message",
        (
            "id", "conversation_id", "account_id", "direction", "remote_id", "parent_remote_id", "remote_url", "text",
            "language", "at", "came_at", "can_reply", "awaits_moderation",
        ),
        (
            (
                uuid7(), t, a.pk, "in" if k % 2 else "out", f"{t.hex}{k}", "", "", SAYS[k % 3], "vi",
                at - timedelta(minutes=k), at, True, False,
            )
            for _c, t, a, at in heads
            for k in range(EACH)
        ),
    )  # fmt: skip
