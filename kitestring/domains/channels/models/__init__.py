"""Accounts and their grants."""

from kitestring.domains.channels.models.account import Account, AccountState
from kitestring.domains.channels.models.grant import StoredGrant

__all__ = ["Account", "AccountState", "StoredGrant"]
