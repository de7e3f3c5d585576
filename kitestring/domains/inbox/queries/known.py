"""What is known of an account's channel, with the limits that hold for this account."""

from __future__ import annotations

from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import manifest_for


def manifest_known(account: Account) -> Manifest | None:
    """None when its connector is gone."""
    try:
        return manifest_for(account)
    except KeyError:
        return None
