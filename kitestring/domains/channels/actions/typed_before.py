"""What a person typed when an account was connected and need not type again."""

from __future__ import annotations

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import GrantExpired
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import grant_of
from kitestring.domains.channels.sessions import open_grant


def typed_before(account: Account, connector: registry.Connector) -> dict[str, str]:
    """What a person typed when this account was connected and what is no secret: nobody types that again.

    The grant has some of it (a login, an app's id), the account the rest: its server, its name there and its type.
    """
    try:
        secrets = open_grant(grant_of(account.pk)).secrets
    except GrantExpired:
        secrets = {}
    asked = [one for one in connector.manifest.auth.fields if one.kind != "password"]
    # Where a server is asked for, the first text is a login there and not the name that people see.
    named = not any(one.kind == "url" for one in asked)
    name = next((one.key for one in asked if one.kind == "text" and named), "handle")
    known: dict[str, object] = {name: account.handle}
    for one in asked:
        if one.kind == "url":
            known[one.key] = account.urls.get("api")
        elif one.kind == "choice" and account.account_type in one.choices:
            known[one.key] = account.account_type
        elif one.key in secrets:
            known[one.key] = secrets[one.key]
    return {key: str(value) for key, value in known.items() if value}
