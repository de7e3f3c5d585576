"""Reads of conversations; each starts from the member who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.inbox.models import Contact, Conversation, Direction, Message, Sort
from kitestring.domains.inbox.rules import is_unnamed
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.rows import rows

MOST_ANSWERS: Final = 20_000
TAKEN_BACK: Final = (DeliveryState.CANCELLED, DeliveryState.WITHDRAWN)
ENDED: Final = (*TAKEN_BACK, DeliveryState.FAILED)
MOST_RECOUNTED: Final = 200
# From the ledger's own index of ended answers, by key to the conversation. The minute is for a change that was written
# while we counted: it bears the moment of its beginning.
UNCOUNTED: Final = """
SELECT DISTINCT c.id FROM publishing_delivery d
JOIN inbox_message m ON m.id = d.subject_id JOIN inbox_conversation c ON c.id = m.conversation_id
WHERE d.kind = 'reply' AND d.state IN ('cancelled', 'failed', 'withdrawn') AND d.changed_at >= %s
  AND (c.counted_at IS NULL OR d.changed_at > c.counted_at - interval '1 minute')
LIMIT %s"""
# The list is the hottest page: its one question is written out, so that nothing is built anew for each reader.
LINES: Final = """
SELECT c.id, c.contact_name, c.snippet, extract(epoch FROM c.owed_since)::float8, extract(epoch FROM c.answer_by)::float8,
extract(epoch FROM c.last_at)::float8, a.channel, p.stance, m.name
FROM inbox_conversation c JOIN channels_account a ON a.id = c.account_id JOIN inbox_contact p ON p.id = c.contact_id
LEFT JOIN workspaces_member m ON m.id = c.assigned_to_id
WHERE c.brand_id = %(brand)s"""
NARROWS: Final = """
SELECT a.id, a.name, a.handle, a.channel FROM channels_account a
WHERE a.workspace_id = %s AND a.brand_id = %s AND a.state <> %s ORDER BY a.id LIMIT %s"""
OF_ACCOUNT: Final = " AND c.account_id = %(account)s"
OF_MEMBER: Final = " AND c.assigned_to_id = %(member)s"
IS_OWED: Final = " AND c.owed_since IS NOT NULL"
OWED_AFTER: Final = " AND c.owed_since >= %(moment)s AND (c.owed_since, c.id) > (%(moment)s, %(key)s)"
OWED_ORDER: Final = " ORDER BY c.owed_since, c.id LIMIT %(most)s"
NEWEST_AFTER: Final = " AND c.last_at <= %(moment)s AND (c.last_at, c.id) < (%(moment)s, %(key)s)"
NEWEST_ORDER: Final = " ORDER BY c.last_at DESC, c.id DESC LIMIT %(most)s"


def conversations_visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Conversation]:
    found = Conversation.objects.filter(brand__workspace_id=member.workspace_id)
    if brand is not None:
        found = found.filter(brand=brand)
    return found.select_related("account", "contact", "assigned_to", "delivery__revision__post", "brand")


def contacts_visible_to(member: Member) -> QuerySet[Contact]:
    found = Contact.objects.filter(brand__workspace_id=member.workspace_id).select_related("brand")
    return found.prefetch_related("conversations")


def owed(member: Member, brand: Brand) -> QuerySet[Conversation]:
    """What waits for an answer, oldest owed first. One index scan, also among millions."""
    return (
        Conversation.objects.filter(
            brand=brand, brand__workspace_id=member.workspace_id, owed_since__isnull=False
        )
        .select_related("account", "contact", "assigned_to")
        .order_by("owed_since", "id")
    )


@dataclass(frozen=True)
class Asked:
    """What the list shows: what is owed (oldest first) or everything (`all`, newest word first), of one account or of
    all, the member's own or everybody's; behind `after`, the last row's moment and id.
    """

    all: bool = False
    mine: bool = False
    account: UUID | None = None
    after: tuple[datetime, UUID] | None = None


def lines_for(member: Member, brand: Brand, asked: Asked, most: int) -> list[tuple[Any, ...]]:
    """At most `most` bare rows of the list: id, name, snippet, owed since, answer by, last word, channel, stance, holder.

    Moments are seconds since 1970, exact to the microsecond: they are only subtracted. By key, never by OFFSET: the
    thousandth page costs what the first does.
    """
    if brand.workspace_id != member.workspace_id:
        return []
    moment, key = asked.after or (None, None)
    given = {"brand": brand.pk, "member": member.pk, "account": asked.account, "most": most}
    sql = LINES + (OF_ACCOUNT if asked.account else "") + (OF_MEMBER if asked.mine else "")
    if asked.all:
        sql += (NEWEST_AFTER if asked.after else "") + NEWEST_ORDER
    else:
        sql += IS_OWED + (OWED_AFTER if asked.after else "") + OWED_ORDER
    with connection.cursor() as cursor:
        cursor.execute(sql, given | {"moment": moment, "key": key})
        return list(cursor.fetchall())


def next_owed(member: Member, here: Conversation, asked: Asked) -> UUID | None:
    """The conversation owed behind `here` in the list as `asked` narrows it, else the oldest one; None: no other is.

    None as well where nothing was owed in `here`: who reads one that is answered already does not work the list off.
    """
    if here.owed_since is None:
        return None
    oldest = replace(asked, all=False, after=None)
    behind = replace(oldest, after=(here.owed_since, here.pk))
    found = lines_for(member, here.brand, behind, 1) or lines_for(member, here.brand, oldest, 2)
    return next((row[0] for row in found if row[0] != here.pk), None)


class Heard(NamedTuple):
    """What names an account."""

    pk: UUID
    name: str
    handle: str
    channel: str


def accounts_heard(member: Member, brand: Brand, most: int = 20) -> list[Heard]:
    """The brand's accounts for the list's filter, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(NARROWS, [member.workspace_id, brand.pk, AccountState.DISCONNECTED.value, most])
        return [Heard(*row) for row in cursor.fetchall()]


def owed_count(member: Member, brand: Brand, *, most: int = 1000) -> int:
    """How many answers are owed, counted up to `most`."""
    if brand.workspace_id != member.workspace_id:
        return 0
    counted = rows(
        "SELECT count(*) FROM (SELECT 1 FROM inbox_conversation"
        " WHERE brand_id = %s AND owed_since IS NOT NULL LIMIT %s) AS owed",
        brand.pk,
        most,
    )
    return int(counted[0][0])


def conversation_for(member: Member, conversation_id: UUID, *, lock: bool = False) -> Conversation:
    """One conversation. Raises Conversation.DoesNotExist outside the workspace."""
    if lock:
        Conversation.objects.select_for_update(of=("self",)).get(
            brand__workspace_id=member.workspace_id, pk=conversation_id
        )
    return conversations_visible_to(member).get(pk=conversation_id)


def thread(conversation: Conversation) -> QuerySet[Message]:
    """The conversation's messages, oldest first."""
    return Message.objects.filter(conversation=conversation).select_related("written_by").order_by("at", "id")


def said_since(member: Member, brand: Brand, moment: datetime) -> QuerySet[Message]:
    """What was said on the brand's accounts since then, with its conversation, the newest first."""
    found = Message.objects.filter(account__workspace_id=member.workspace_id, account__brand=brand)
    return found.filter(at__gte=moment).select_related("conversation__account").order_by("-at", "-id")


def message_for(member: Member, message_id: UUID) -> Message:
    found = Message.objects.select_related("conversation__account", "conversation__brand")
    return found.get(conversation__brand__workspace_id=member.workspace_id, pk=message_id)


def last_incoming(conversation: Conversation) -> Message | None:
    """The newest of their messages that the channel lets us answer."""
    return (
        Message.objects.filter(
            conversation=conversation, direction=Direction.IN, can_reply=True, removed_at=None
        )
        .order_by("-at", "-id")
        .first()
    )


def last_with_address(conversation: Conversation) -> Message | None:
    """The newest of their messages that has an address on the channel and still stands there."""
    theirs = Message.objects.filter(conversation=conversation, direction=Direction.IN, removed_at=None)
    return theirs.exclude(remote_url="").order_by("-at", "-id").first()


def known_remote_ids(account: Account, remote_ids: list[str]) -> dict[str, Message]:
    """Messages of the account already here, by remote id."""
    return {m.remote_id: m for m in Message.objects.filter(account=account, remote_id__in=remote_ids)}


def conversation_on(account: Account, contact: Contact, sort: str, place: str) -> Conversation | None:
    """The conversation of this sort with this person, by its post or its thread."""
    found = Conversation.objects.filter(account=account, contact=contact, sort=sort, post_remote_id=place)
    return found.first()


def private_talk(account: Account, thread: str) -> Conversation | None:
    """The private conversation in a thread of the channel, the one that spoke last where several people do."""
    found = Conversation.objects.filter(account=account, sort=Sort.MESSAGE, post_remote_id=thread)
    return found.order_by("-last_at", "-id").first()


def contact_of(account: Account, remote_id: str) -> Contact | None:
    return Contact.objects.filter(
        brand_id=account.brand_id, channel=account.channel, remote_id=remote_id
    ).first()


def nameless(account: Account, remote_ids: Iterable[str]) -> set[str]:
    """Those of these people whose name nobody has told us yet."""
    asked = set(remote_ids)
    known = Contact.objects.filter(brand_id=account.brand_id, channel=account.channel, remote_id__in=asked)
    return asked - {pk for pk, name in known.values_list("remote_id", "name") if not is_unnamed(name, pk)}


def earlier_with(conversation: Conversation) -> QuerySet[Conversation]:
    """Other conversations with the same person, newest first."""
    return (
        Conversation.objects.filter(contact_id=conversation.contact_id)
        .exclude(pk=conversation.pk)
        .select_related("account")
        .order_by("-last_at", "-id")
    )


def conversations_of_delivery(member: Member, delivery_id: UUID) -> QuerySet[Conversation]:
    return (
        conversations_visible_to(member)
        .filter(delivery_id=delivery_id)
        .order_by(F("owed_since").asc(nulls_last=True), "id")
    )


def message_of_reply(message_id: UUID) -> Message | None:
    """Our own message by id, for the worker that learns what became of its delivery."""
    return (
        Message.objects.select_related("conversation").filter(pk=message_id, direction=Direction.OUT).first()
    )


def owed_before(member: Member, brand: Brand, moment: datetime) -> QuerySet[Conversation]:
    """What is late by `moment`, soonest first."""
    return owed(member, brand).filter(answer_by__lte=moment).order_by("answer_by", "id")


@dataclass(frozen=True)
class FirstAnswer:
    """Minutes from the oldest unanswered message to our next published word; None: still waiting."""

    message: UUID
    at: datetime
    minutes: float | None


def first_answers(
    brand: Brand, start: datetime, end: datetime, campaign: Campaign | None = None
) -> list[FirstAnswer]:
    """How people who wrote in [start, end) were answered, oldest first; set aside ones are left out.

    Account by account, each a walk along one index in order of time: asked for the whole brand at once, the database
    reads every message there is. A campaign's conversations are found first: in one statement with the walk, a database
    that has not counted its rows yet joins everything with everything. At most `MOST_ANSWERS` messages of each account.
    """
    under = None if campaign is None else _conversations_under(campaign)
    told: list[FirstAnswer] = []
    waits: dict[UUID, tuple[UUID, datetime]] = {}
    for account in Account.objects.filter(brand=brand).values_list("pk", flat=True):
        messages = Message.objects.filter(account_id=account, at__gte=start)
        if under is not None:
            messages = messages.filter(conversation_id__in=under)
        spoken = messages.order_by("at", "id").values_list(
            "id", "conversation_id", "direction", "at", "remote_id"
        )
        for message, conversation, direction, at, remote_id in spoken[:MOST_ANSWERS]:
            if direction == Direction.IN:
                if at < end:
                    waits.setdefault(conversation, (message, at))
            elif remote_id and conversation in waits:
                asked, since = waits.pop(conversation)
                told.append(FirstAnswer(asked, since, (at - since).total_seconds() / 60))
    owed = Conversation.objects.filter(pk__in=list(waits), owed_since__isnull=False)
    told += [FirstAnswer(*waits[key], None) for key in owed.values_list("pk", flat=True)]
    return sorted(told, key=lambda a: a.at)


def _conversations_under(campaign: Campaign) -> list[UUID]:
    """The conversations under a campaign's posts."""
    posts = list(Delivery.objects.filter(revision__post__campaign=campaign).values_list("pk", flat=True))
    return list(Conversation.objects.filter(delivery_id__in=posts).values_list("pk", flat=True))


def replies_out(member: Member, messages: Iterable[UUID]) -> dict[UUID, Delivery]:
    """The deliveries of our own messages, by message."""
    found = Delivery.objects.filter(
        kind=DeliveryKind.REPLY, subject_id__in=list(messages), account__workspace_id=member.workspace_id
    )
    return {d.subject_id: d for d in found.select_related("account").order_by("made_at", "id")}


def on_the_way(conversation: Conversation, answered: str = "") -> list[tuple[Message, Delivery]]:
    """Our answers that were tried, and whose id on the channel no message of ours has yet; oldest first.

    `answered`: only those to this remote id.
    """
    ours = Message.objects.filter(conversation=conversation, direction=Direction.OUT, remote_id="")
    if answered:
        ours = ours.filter(parent_remote_id=answered)
    found = {m.pk: m for m in ours.order_by("at", "id")}
    tried = Delivery.objects.filter(
        kind=DeliveryKind.REPLY, subject_id__in=list(found), attempts__gt=0
    ).exclude(state__in=TAKEN_BACK)
    by_message = {d.subject_id: d for d in tried.order_by("made_at", "id")}
    return [(m, by_message[key]) for key, m in found.items() if key in by_message]


def answers_to(conversation: Conversation, message: Message) -> int:
    """How many answers of ours stand under one of their messages, those on their way included."""
    return _standing_under(conversation, message).count()


def same_answer(conversation: Conversation, message: Message, text: str, since: datetime) -> Message | None:
    """Our answer with these very words under that message, given since a moment; None if there is none.

    One that was taken back or that the channel refused is none: pressed again, the words are meant to go out.
    """
    standing = _standing_under(conversation, message, over=ENDED)
    return standing.filter(text=text, at__gte=since).order_by("-at", "-id").first()


def _standing_under(
    conversation: Conversation, message: Message, *, over: tuple[DeliveryState, ...] = TAKEN_BACK
) -> QuerySet[Message]:
    ours = Message.objects.filter(
        conversation=conversation, direction=Direction.OUT, parent_remote_id=message.remote_id
    )
    dead = Delivery.objects.filter(kind=DeliveryKind.REPLY, subject_id__in=ours.values("pk"), state__in=over)
    return ours.exclude(pk__in=dead.values("subject_id"))


def unsaid(messages: Iterable[Message]) -> set[UUID]:
    """Which of these are answers of ours that stand nowhere: cancelled, refused, or taken down again.

    What the channel shows was said, whatever the ledger thinks of it; only taking it down unsays it.
    """
    ours = {m.pk: m for m in messages if m.direction == Direction.OUT}
    if not ours:
        return set()
    ended = Delivery.objects.filter(kind=DeliveryKind.REPLY, subject_id__in=list(ours), state__in=ENDED)
    found = ended.values_list("subject_id", "state")
    return {key for key, state in found if state == DeliveryState.WITHDRAWN or not ours[key].remote_id}


def conversation_of(conversation_id: UUID) -> Conversation:
    """One conversation, locked, for the worker that works out anew what is owed in it."""
    found = Conversation.objects.select_related("account", "brand").select_for_update(of=("self",))
    return found.get(pk=conversation_id)


def uncounted(since: timedelta = timedelta(days=30)) -> list[UUID]:
    """Conversations in which an answer of ours ended after they were last worked out: what an emptied queue lost."""
    return [row[0] for row in rows(UNCOUNTED, now() - since, MOST_RECOUNTED)]


def unadopted(since: timedelta = timedelta(days=1)) -> list[Delivery]:
    """Answers that went out lately while their message does not know it: what an emptied queue would have lost."""
    out = Delivery.objects.filter(
        kind=DeliveryKind.REPLY, state=DeliveryState.PUBLISHED, published_at__gte=now() - since
    ).exclude(remote_id="")
    nameless = set(
        Message.objects.filter(pk__in=out.values("subject_id"), remote_id="").values_list("pk", flat=True)
    )
    return [d for d in out if d.subject_id in nameless]
