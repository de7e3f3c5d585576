"""Reads of accounts. People's reads start from a member; the worker's start from an account's key."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.overriding import overridden
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import (
    GOOD_FOR,
    LIFE,
    LONGEST_LEAD,
    Account,
    AccountState,
    AppHook,
    AppKey,
    Arrival,
    Bell,
    Checkup,
    ConnectLink,
    FactChange,
    Hook,
    KnownFacts,
    StoredGrant,
    Subscription,
    Visit,
)
from kitestring.domains.channels.rules import by_app
from kitestring.domains.workspaces.models import Member, Workspace
from kitestring.kit.refusals import Refusal

Presence = tuple[Any, ...]  # the values of `PRESENCE`
PRESENCE: Final = ("workspace_id", "channel", "remote_id")
MOST_ARRIVALS: Final = 5000  # looked through in one sweep; the next one sees the rest


def accounts_of(member: Member, brand: Brand | None = None) -> QuerySet[Account]:
    """The accounts of a brand (all live brands when None), without the disconnected ones; the first connected first.

    By key: `connected_at` is new after each reconnecting, and the list would be another one.
    """
    rows = Account.objects.filter(workspace_id=member.workspace_id, brand__archived_at=None)
    if brand is not None:
        rows = rows.filter(brand=brand)
    found = rows.exclude(state=AccountState.DISCONNECTED).order_by("id")
    return found.select_related("brand")


def gone_accounts(member: Member, brand: Brand) -> QuerySet[Account]:
    """Accounts that were disconnected; their history stays. Latest first."""
    rows = Account.objects.filter(
        workspace_id=member.workspace_id, brand=brand, state=AccountState.DISCONNECTED
    )
    return rows.select_related("brand").order_by("-connected_at", "-id")


def any_accounts(member: Member, ids: Collection[UUID | str]) -> QuerySet[Account]:
    """These accounts of the workspace, in any state: what is told of the past names those that are gone too."""
    return Account.objects.filter(workspace_id=member.workspace_id, pk__in=ids).order_by("id")


def account(member: Member, account_id: UUID | str, *, hold: bool = False) -> Account:
    """One account of the member's workspace, in any state. Raises Refusal (not_found)."""
    rows = Account.objects.filter(workspace_id=member.workspace_id).select_related("brand")
    if hold:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=account_id).first()
    if found is None:
        raise Refusal(_("This account is not here (any more)."), reason="not_found")
    return found


def account_at_work(account_id: UUID | str, *, hold: bool = False) -> Account | None:
    """For the worker: an account with its brand and workspace; None when it is gone."""
    rows = Account.objects.select_related("brand", "workspace")
    if hold:
        rows = rows.select_for_update(of=("self",))
    return rows.filter(pk=account_id).first()


def accounts_at_work() -> QuerySet[Account]:
    """For the worker: every connected account of live brands; a workspace's pause stops what leaves, not what comes in."""
    return Account.objects.filter(
        state=AccountState.CONNECTED,
        paused_at=None,
        brand__archived_at=None,
    ).select_related("brand", "workspace")


def same_account(brand: Brand, channel: str, remote_id: str) -> Account | None:
    """The brand's account with this presence, held for change; in any state."""
    return (
        Account.objects.select_for_update(of=("self",))
        .filter(brand=brand, channel=channel, remote_id=remote_id)
        .first()
    )


def presences(accounts: Iterable[UUID]) -> set[Presence]:
    """What these accounts are on their channels; two brands may have the same one."""
    return set(Account.objects.filter(pk__in=set(accounts)).values_list(*PRESENCE))


def same_presence(accounts: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Every account of the workspace, in any state, that is the same presence as some of these: as which of them."""
    of: dict[Presence, list[UUID]] = {}
    for pk, *presence in Account.objects.filter(pk__in=set(accounts)).values_list("pk", *PRESENCE):
        of.setdefault(tuple(presence), []).append(pk)
    alike = [Q(**dict(zip(PRESENCE, presence, strict=True))) for presence in of]
    rows = Account.objects.filter(reduce(or_, alike)).values_list("pk", *PRESENCE) if alike else ()
    return {pk: of[tuple(presence)] for pk, *presence in rows}


def other_brands_of(found: Account) -> list[str]:
    """The other live brands that this presence is connected for, by name."""
    rows = Account.objects.filter(
        workspace_id=found.workspace_id, channel=found.channel, remote_id=found.remote_id
    )
    rows = rows.exclude(pk=found.pk).exclude(state=AccountState.DISCONNECTED).filter(brand__archived_at=None)
    return list(rows.order_by("brand__name", "pk").values_list("brand__name", flat=True))


def grant_of(account_id: UUID, *, hold: bool = False) -> StoredGrant | None:
    """The sealed grant of an account; `hold` makes the caller its only holder until the transaction ends."""
    rows = StoredGrant.objects.filter(account_id=account_id)
    return (rows.select_for_update() if hold else rows).first()


def others_grants(found: Account) -> QuerySet[StoredGrant]:
    """The sealed grants of every other account of the channel, in all workspaces: some may live by the same consent."""
    rows = StoredGrant.objects.filter(account__channel=found.channel).exclude(account=found)
    return rows.select_related("account").order_by("id")


def accounts_to_renew(moment: datetime, limit: int = 200) -> list[UUID]:
    """Accounts whose grant is to be renewed now, soonest end first."""
    rows = StoredGrant.objects.filter(
        expires_at__lte=moment + LONGEST_LEAD,
        account__state=AccountState.CONNECTED,
        account__brand__archived_at=None,
    )
    found = rows.defer("sealed").order_by("expires_at", "id")
    return [grant.account_id for grant in found if grant.wants_renewal(moment)][:limit]


def ending_accounts(member: Member, brand: Brand) -> QuerySet[Account]:
    """The brand's accounts that still work and whose grant the channel will not renew, with it; soonest end first."""
    rows = accounts_of(member, brand).filter(state=AccountState.CONNECTED, grant__refused_at__isnull=False)
    return rows.select_related("grant").defer("grant__sealed").order_by("grant__expires_at", "id")


def hook_of(of: Account, *, hold: bool = False) -> Hook | None:
    """The address an account's channel may call, if it was given one."""
    rows = Hook.objects.filter(account=of)
    return (rows.select_for_update() if hold else rows).first()


def hook_at(token_hash: str) -> Hook | None:
    """For the door: whose address it is, with its account; None when it is nobody's."""
    return Hook.objects.select_related("account").filter(token_hash=token_hash).first()


def app_hook_of(kept: AppKey, channel: str, *, hold: bool = False) -> AppHook | None:
    """The address that a channel may call for all accounts of an app, if it was made."""
    rows = AppHook.objects.filter(app_key=kept, channel=channel)
    return (rows.select_for_update() if hold else rows).first()


def app_hook_at(token_hash: str) -> AppHook | None:
    """For the door: whose app's address it is, with the app; None when it is nobody's."""
    return AppHook.objects.select_related("app_key").filter(token_hash=token_hash).first()


def accounts_by_app(hook: AppHook, remote_ids: Collection[str] | None = None) -> list[Account]:
    """Which of these (None: of all) presences are accounts of the app's own workspace, by it and not disconnected since."""
    rows = Account.objects.filter(workspace_id=hook.app_key.workspace_id, channel=hook.channel)
    rows = rows if remote_ids is None else rows.filter(remote_id__in=list(remote_ids))
    manifest = registry.get(hook.channel).manifest
    return [
        one
        for one in rows.exclude(state=AccountState.DISCONNECTED).order_by("pk")
        if by_app(manifest, one.way, hook.app_key.provider)
    ]


def bell_of(of: Account) -> Bell | None:
    """When a call to the address of its app last named the account."""
    return Bell.objects.filter(account=of).first()


def arrivals_of(account_id: UUID, most: int) -> list[Arrival]:
    """For whoever takes them in and holds the account: the oldest that were brought to it."""
    return list(Arrival.objects.filter(account_id=account_id).order_by("pk")[:most])


def arrived() -> list[UUID]:
    """For the sweep: the accounts to which something was brought that nobody has taken in yet, the longest waiting first."""
    waiting = Arrival.objects.order_by("id").values_list("account_id", flat=True)[:MOST_ARRIVALS]
    return list(dict.fromkeys(waiting))


def all_hooks() -> QuerySet[Hook]:
    """Every sealed address of the instance, for a change of keys."""
    return Hook.objects.select_for_update().order_by("pk")


def all_app_hooks() -> QuerySet[AppHook]:
    """Every sealed address of an app, for a change of keys."""
    return AppHook.objects.select_for_update().order_by("pk")


def all_grants() -> QuerySet[StoredGrant]:
    """Every sealed grant of the instance, for a change of keys."""
    return StoredGrant.objects.select_for_update().order_by("pk")


def app_key(workspace: Workspace, provider: str, *, hold: bool = False) -> AppKey | None:
    """The operator's app at a platform, sealed."""
    rows = AppKey.objects.filter(workspace=workspace, provider=provider)
    return (rows.select_for_update() if hold else rows).first()


def app_key_at(key_id: UUID) -> AppKey | None:
    """For the address where an app of ours is described: it, with its workspace; None when it is nobody's."""
    return AppKey.objects.select_related("workspace").filter(pk=key_id).first()


def app_keys_of(member: Member) -> dict[str, AppKey]:
    """The workspace's apps by provider."""
    rows = AppKey.objects.filter(workspace_id=member.workspace_id).select_related("changed_by")
    return {row.provider: row for row in rows.order_by("provider", "id")}


def all_app_keys() -> QuerySet[AppKey]:
    """Every sealed app of the instance, for a change of keys."""
    return AppKey.objects.select_for_update().order_by("pk")


def grants_of_channels(workspace: Workspace, channels: Collection[str]) -> QuerySet[StoredGrant]:
    """The grants of a workspace's accounts on these channels, held for change."""
    rows = StoredGrant.objects.select_for_update(of=("self",)).select_related("account")
    return rows.filter(account__workspace=workspace, account__channel__in=channels).order_by("pk")


def _way_back(state_hash: str, moment: datetime) -> QuerySet[Visit]:
    rows = Visit.objects.select_for_update(of=("self",)).select_related("brand", "account__brand")
    return rows.filter(state_hash=state_hash, back_at=None, begun_at__gt=moment - LIFE)


def visit_back(member: Member, state_hash: str, moment: datetime) -> Visit | None:
    """The way the member is coming back from, held; None when it is nobody's, another's, used or too old."""
    return _way_back(state_hash, moment).filter(member=member, link=None).first()


def guests_visit_back(state_hash: str, moment: datetime) -> Visit | None:
    """The way somebody is coming back from who went by a link, held; None when it is none, used, too old or ended."""
    rows = _way_back(state_hash, moment).select_related("brand", "member__workspace", "link")
    return rows.filter(link__ended_at=None, link__made_at__gt=moment - GOOD_FOR).first()


def visit_stands(visit: Visit) -> bool:
    """Whether the way was not taken back meanwhile; held, inside a transaction."""
    return Visit.objects.select_for_update().filter(pk=visit.pk).first() is not None


def is_guests_way(state_hash: str) -> bool:
    """Whether this way began by a link, open or over."""
    return Visit.objects.filter(state_hash=state_hash, link__isnull=False).exists()


def visit_to_choose(member: Member, visit_id: UUID, moment: datetime, *, hold: bool = False) -> Visit | None:
    """A way that found several accounts, among which the member has not chosen yet."""
    rows = Visit.objects.select_related("brand", "link")
    if hold:
        rows = rows.select_for_update(of=("self",))
    return rows.filter(_alive(moment), member=member, pk=visit_id, back_at__isnull=False).first()


def _alive(moment: datetime) -> Q:
    """What a guest agreed to waits longer than a way of one's own: the member may be asleep."""
    waits = Q(link__isnull=False, back_at__gt=moment - GOOD_FOR)
    return Q(begun_at__gt=moment - LIFE) | waits


def old_visits(moment: datetime) -> QuerySet[Visit]:
    """Ways nobody came back from, or did not end."""
    return Visit.objects.exclude(_alive(moment))


def links_of(member: Member, brand: Brand, moment: datetime) -> list[ConnectLink]:
    """The member's links for a brand that are open, or by which somebody came back in the last day, the oldest first."""
    is_open = Q(ended_at=None, made_at__gt=moment - GOOD_FOR)
    gone_by = Exists(Visit.objects.filter(link=OuterRef("pk"), back_at__gt=moment - GOOD_FOR))
    rows = ConnectLink.objects.filter(is_open | Q(gone_by), member=member, brand=brand)
    return list(rows.order_by("made_at", "pk"))


def link_made_by(member: Member, link_id: UUID, *, hold: bool = False) -> ConnectLink | None:
    """A link the member made, ended or not."""
    rows = ConnectLink.objects.select_related("brand", "account")
    if hold:
        rows = rows.select_for_update(of=("self",))
    return rows.filter(member=member, pk=link_id).first()


def link_by(token_hash: str) -> ConnectLink | None:
    """Whose link this is, ended or not."""
    rows = ConnectLink.objects.select_related("brand", "account", "member__workspace", "member__user")
    return rows.filter(token_hash=token_hash).first()


def ways_back_by(link: ConnectLink) -> list[Visit]:
    """The ways by this link that came back, the newest first."""
    rows = Visit.objects.filter(link=link, back_at__isnull=False).select_related("brand")
    return list(rows.order_by("-back_at", "pk"))


def ways_waiting(link: ConnectLink, moment: datetime) -> list[Visit]:
    """Those of them that still wait for the member, the oldest first."""
    rows = Visit.objects.filter(link=link, back_at__gt=moment - GOOD_FOR).select_related("brand")
    return list(rows.order_by("back_at", "pk"))


def hold_link(link: ConnectLink) -> None:
    """Lock its row to the end of the transaction."""
    ConnectLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)


def open_ways_by(link: ConnectLink, moment: datetime) -> int:
    """The ways begun by this link that are young enough to lead back, the refused among them."""
    return Visit.objects.filter(link=link, begun_at__gt=moment - LIFE).count()


def old_links(moment: datetime) -> QuerySet[ConnectLink]:
    """Links nobody can use any more, a day after they could not."""
    return ConnectLink.objects.filter(made_at__lte=moment - 2 * GOOD_FOR)


def all_links() -> QuerySet[ConnectLink]:
    """Every sealed link of the instance, for a change of keys."""
    return ConnectLink.objects.select_for_update().order_by("pk")


def all_visits() -> QuerySet[Visit]:
    """Every sealed way of the instance, for a change of keys."""
    return Visit.objects.select_for_update().order_by("pk")


def checkup_of(of: Account) -> Checkup | None:
    """What the channel said of the account last."""
    return Checkup.objects.filter(account=of).first()


def subscription_of(of: Account, *, hold: bool = False) -> Subscription | None:
    """Whether its channel was seen to call."""
    rows = Subscription.objects.filter(account=of)
    return (rows.select_for_update() if hold else rows).first()


def accounts_to_examine(channels: Collection[str], moment: datetime, limit: int) -> list[UUID]:
    """Connected accounts on these channels that have not been examined for a day; never examined ones first."""
    rows = accounts_at_work().filter(channel__in=channels)
    old = rows.exclude(checkup__at__gt=moment - timedelta(days=1))
    return list(
        old.order_by(F("checkup__at").asc(nulls_first=True), "id").values_list("pk", flat=True)[:limit]
    )


def facts_known(*, hold: bool = False) -> dict[str, KnownFacts]:
    """What this instance last knew of each channel and pack of rules."""
    rows = KnownFacts.objects.select_for_update() if hold else KnownFacts.objects.all()
    return {row.what: row for row in rows.order_by("pk")}


def fact_changes(member: Member, since: datetime) -> list[FactChange]:
    """What changed since, newest first: of the channels this workspace has accounts on, and of rules."""
    mine = Account.objects.filter(workspace_id=member.workspace_id).values_list("channel", flat=True)
    wanted = {f"channel:{slug}" for slug in mine}
    rows = FactChange.objects.filter(at__gte=since).order_by("-at", "what", "path", "id")
    return [row for row in rows if row.what in wanted or not row.what.startswith("channel:")]


def manifest_for(of: Account) -> Manifest:
    """The channel's manifest with what is known better for this account. Raises KeyError when the connector is gone."""
    return overridden(registry.get(of.channel).manifest, of.own_limits)
