"""From a handle to whoever may ask its owner for consent: permanent name, the account's server, its authorization server.

Source: atproto.com/specs/handle, /specs/did and /specs/oauth; RFC 9728 and RFC 8414 for the two documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from yarl import URL

from kitestring.connectorkit import calls
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.bluesky.client import Caller
from kitestring.kit.http import Client

RESOURCE: Final = "/.well-known/oauth-protected-resource"
SERVER: Final = "/.well-known/oauth-authorization-server"
ENDPOINTS: Final = ("pushed_authorization_request_endpoint", "authorization_endpoint", "token_endpoint")


@dataclass(frozen=True)
class Identity:
    """Who somebody is in the network, whatever their handle becomes: `did`, and the server that holds the account."""

    did: str
    handle: str
    server: str


@dataclass(frozen=True)
class Authority:
    """The authorization server of an account's server, and where to ask it."""

    issuer: str
    push: str
    authorize: str
    token: str


async def find(http: Client, urls: Mapping[str, str], typed: str) -> Identity:
    """The account behind a handle. Raises Rejected("handle") when nobody has it, or its owner's document does not say so."""
    handle = typed.strip().lstrip("@").strip("\u200b\u202a\u202c").lower()
    params = (("handle", handle),)
    try:
        found = await Caller(http, urls["api"]).ask("com.atproto.identity.resolveHandle", params)
    except (Rejected, GrantExpired) as error:
        if isinstance(error, Rejected) and error.field:
            raise
        raise Rejected("handle", "handle_unknown", said=error.said) from error
    did = str(found.get("did") or "")
    document = await described(http, urls, did)
    if f"at://{handle}" not in (document.get("alsoKnownAs") or []):
        raise Rejected("handle", "handle_unknown", said=f"{did}: {document.get('alsoKnownAs')}")
    return Identity(did, handle, server_of(document))


async def described(http: Client, urls: Mapping[str, str], did: str) -> Mapping[str, Any]:
    """The document of a permanent name: of did:plc in the directory, of did:web at its own host.

    Raises Rejected("handle", "named_elsewhere") where that host may not be called from here; ValueError for an odd address.
    """
    method, _, name = did.removeprefix("did:").partition(":")
    if method == "plc" and name.isalnum():
        address = f"{urls['plc']}/{did}"
    elif method == "web" and name and ":" not in name:
        address = str(
            URL.build(scheme="https", authority=name.replace("%3A", ":"), path="/.well-known/did.json")
        )
    else:
        raise Rejected("handle", "handle_unknown", said=did)
    try:
        found = await _json(http, address)
    except Rejected as error:
        if method != "web" or error.reason != "host_refused":
            raise
        server = str(URL(address).origin())[:200]
        raise Rejected("handle", "named_elsewhere", params={"server": server}, said=error.said) from error
    if found.get("id") != did:
        raise Rejected("handle", "handle_unknown", said=str(found.get("id")))
    return found


def server_of(document: Mapping[str, Any]) -> str:
    """The server that holds the account, by its document.

    Raises Rejected("handle", "handle_unknown"); ValueError where it is no address.
    """
    for row in document.get("service") or ():
        if str(row.get("id", "")).endswith("#atproto_pds"):
            address = str(row.get("serviceEndpoint") or "").rstrip("/")
            if not URL(address).host:
                raise ValueError(address[:200])
            return address
    raise Rejected("handle", "handle_unknown")


async def authority(http: Client, server: str) -> Authority:
    """Who gives out tokens for this server. Raises Rejected("url", "no_consent_there") where nobody does."""
    resource = await _json(http, f"{server}{RESOURCE}", missing="no_consent_there")
    named = [str(one) for one in resource.get("authorization_servers") or ()]
    if len(named) != 1:
        raise Rejected("url", "no_consent_there", said=str(named))
    issuer = named[0].rstrip("/")
    told = await _json(http, f"{issuer}{SERVER}", missing="no_consent_there")
    # The document must speak of the address it was read at: else one server could speak for another (RFC 8414, 3.3).
    if str(told.get("issuer") or "").rstrip("/") != issuer or not all(told.get(name) for name in ENDPOINTS):
        raise Rejected("url", "no_consent_there", said=str(told.get("issuer")))
    push, authorize, token = (str(told[name]) for name in ENDPOINTS)
    return Authority(issuer, push, authorize, token)


async def _json(http: Client, address: str, missing: str = "handle_unknown") -> Mapping[str, Any]:
    field = "handle" if missing == "handle_unknown" else "url"
    answer = await calls.send(http, "GET", address, write=False, headers={"Accept": "application/json"})
    if answer.status in (400, 404, 410):
        raise Rejected(field, missing, said=calls.words(answer))
    found = calls.settled(answer, write=False)
    if not isinstance(found, dict):
        raise Rejected(field, missing, said=str(found)[:200])
    return found
