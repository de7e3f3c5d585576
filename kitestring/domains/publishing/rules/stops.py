"""What keeps an account from sending now, a pause or its ended grant, and when what is due goes out then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from kitestring.domains.publishing.rules.holding import GRANT, held_by
from kitestring.ui.marks import account_name


def stop_words(account: Any) -> str:
    """Named with what lets it go; "" where nothing keeps it. The account comes with its brand and workspace."""
    if account.workspace.paused_at is not None:
        return _("Everything is paused: it goes out once you resume.")
    for one, name in ((account.brand, account.brand.name), (account, account_name(account))):
        if one.paused_at is not None:
            return _("%(name)s is paused: it goes out once that is resumed.") % {"name": name}
    if account.state == "expired":
        told = _("The grant of %(account)s has ended: it goes out once the account is connected again.")
        return told % {"account": account_name(account)}
    return ""


def held_words(delivery: Any) -> str:
    """What holds it, in the fewest words; "" where it is none of these."""
    account = delivery.account
    if delivery.state != "held" or not (by := held_by(delivery.reason)):
        return ""
    if by == GRANT:
        return _("The grant of %(account)s has ended") % {"account": account_name(account)}
    if delivery.reason == "workspace_paused":
        return _("Everything is paused")
    name = account.brand.name if delivery.reason == "brand_paused" else account_name(account)
    return _("%(name)s is paused") % {"name": name}


def is_stopped(account: Any) -> bool:
    """Whether anything keeps it; asked of many, so without the words."""
    paused = any(one.paused_at is not None for one in (account, account.brand, account.workspace))
    return paused or account.state == "expired"


def by_stop(accounts: Iterable[Any]) -> dict[str, list[Any]]:
    """The accounts by what keeps them; those that send at once stand under ""."""
    found: dict[str, list[Any]] = {}
    for account in accounts:
        found.setdefault(stop_words(account), []).append(account)
    return dict(sorted(found.items(), key=lambda one: one[0] != ""))
