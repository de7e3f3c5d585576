"""Connecting: the key is the account. Its relays are tried, and what they tell of themselves is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectors.nostr import bech32, limits
from kitestring.connectors.nostr.client import PLACES, ask, everywhere, good, relays_at
from kitestring.connectors.nostr.events import PROFILE, Event, Key
from kitestring.connectors.nostr.files import PLACE as FILES
from kitestring.kit.http import Client, HostRefused, HttpError

SHORT = 16  # letters of an npub that are shown


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """Whose key it is, as the relays know them.

    Raises Rejected("key") for what is no key, at its own field for a relay that may not be called, Rejected("url") when no
    relay answers as one, GrantExpired's reason at the field "url" when none of them takes this key.
    """
    try:
        key = Key(answers.get("key", ""))
    except ValueError as error:
        raise Rejected("key", "bad_key") from error
    among = relays_at(http, urls, key)
    told = await everywhere(
        among, lambda line: line.ask({"kinds": [PROFILE], "authors": [key.pubkey], "limit": 1})
    )
    for relay, said in told:
        if isinstance(said, Rejected) and said.reason == "host_refused":
            raise Rejected("url" if relay.place == "api" else relay.place, said.reason, said=said.said)
    try:
        profiles = [event for events in good(told) for event in events]
    except (GrantExpired, RetryLater) as error:
        if isinstance(error, RetryLater) and error.reason != "not_itself":
            raise
        reason = "not_a_relay" if isinstance(error, RetryLater) else error.reason
        raise Rejected("url", reason, said=error.said) from error
    await _may_be_called(http, urls.get(FILES, ""))
    informed = {relay.place: await relay.information() for relay, said in told if _answered(said)}
    profile = _profile(profiles)
    npub = bech32.npub(key.pubkey)
    return Connected(
        remote_id=key.pubkey,
        handle=str(profile.get("nip05") or f"{npub[:SHORT]}…"),
        name=str(profile.get("display_name") or profile.get("name") or f"{npub[:SHORT]}…"),
        grant=Grant({"key": key.secret}),
        proven=True,
        avatar_url=_picture(profile),
        capabilities={"files": bool(urls.get(FILES)) or "no_file_server"},
        settings={
            "urls": {place: urls[place] for place in (*PLACES, FILES) if urls.get(place)},
            "limits": limits.found_in(list(informed.values())),
            "counts": [place for place, one in informed.items() if 45 in (one.get("supported_nips") or ())],
        },
    )


async def renew(session: Session) -> Grant:
    """The same grant: a key has no end. Asks whether a relay still takes it (GrantExpired if none does)."""
    await ask(session, {"kinds": [PROFILE], "authors": [session.remote_id], "limit": 1})
    return session.grant


async def _may_be_called(http: Client, file_server: str) -> None:
    """Raises Rejected("files") where our own guard refuses it. What it answers is for the first file to learn."""
    try:
        if file_server:
            await http.request("HEAD", file_server)
    except HostRefused as error:
        raise Rejected(FILES, "host_refused", said=str(error)) from error
    except HttpError:
        return


def _answered(said: list[Event] | ConnectorError) -> bool:
    return not isinstance(said, ConnectorError)


def _profile(events: list[Event]) -> Mapping[str, Any]:
    """The newest of the profiles; {} when there is none or it cannot be read."""
    newest = max(events, key=lambda event: event.created_at, default=None)
    try:
        found = json.loads(newest.content) if newest else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _picture(profile: Mapping[str, Any]) -> str:
    address = str(profile.get("picture") or "")
    return address if address.startswith("https://") else ""
