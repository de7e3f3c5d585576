"""Accounts, their grants, and the operator's apps by which grants are asked for."""

from kitestring.domains.channels.models.account import Account, AccountState
from kitestring.domains.channels.models.app_hook import AppHook, Bell
from kitestring.domains.channels.models.app_key import AppKey
from kitestring.domains.channels.models.arrival import Arrival
from kitestring.domains.channels.models.checkup import Checkup
from kitestring.domains.channels.models.connect_link import GOOD_FOR, TRIES, ConnectLink
from kitestring.domains.channels.models.facts import FactChange, KnownFacts
from kitestring.domains.channels.models.grant import LEAD, LONGEST_LEAD, StoredGrant
from kitestring.domains.channels.models.hook import Hook
from kitestring.domains.channels.models.subscription import Subscription
from kitestring.domains.channels.models.visit import LIFE, Visit

__all__ = [
    "GOOD_FOR",
    "LEAD",
    "LIFE",
    "LONGEST_LEAD",
    "TRIES",
    "Account",
    "AccountState",
    "AppHook",
    "AppKey",
    "Arrival",
    "Bell",
    "Checkup",
    "ConnectLink",
    "FactChange",
    "Hook",
    "KnownFacts",
    "StoredGrant",
    "Subscription",
    "Visit",
]
