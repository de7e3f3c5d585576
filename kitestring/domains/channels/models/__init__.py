"""Accounts and their grants."""

from kitestring.domains.channels.models.account import Account, AccountState
from kitestring.domains.channels.models.grant import LEAD, LONGEST_LEAD, StoredGrant
from kitestring.domains.channels.models.hook import Hook

__all__ = ["LEAD", "LONGEST_LEAD", "Account", "AccountState", "Hook", "StoredGrant"]
