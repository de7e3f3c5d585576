"""How each relay stands to the account: answering, out of reach, shut to it, paid, or wanting work."""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, RetryLater
from kitestring.connectors.nostr import files
from kitestring.connectors.nostr.client import Relay, everywhere, relays, worst
from kitestring.connectors.nostr.events import PROFILE


async def examine(session: Session) -> Examined:
    """A finding per relay that is not well, or that all is. Raises RetryLater when none can be reached."""
    one = {"kinds": [PROFILE], "authors": [session.remote_id], "limit": 1}
    told = await everywhere(relays(session), lambda line: line.ask(one))
    errors = [said for _, said in told if isinstance(said, ConnectorError)]
    if len(errors) == len(told) and any(isinstance(error, RetryLater) for error in errors):
        raise worst(errors)
    if len(errors) == len(told):
        return Examined([Finding("bad", worst(errors).reason)])
    findings = [_unwell(relay, said) for relay, said in told if isinstance(said, ConnectorError)]
    for relay, said in told:
        if not isinstance(said, ConnectorError):
            findings += _conditions(relay, await relay.information())
    if not session.urls.get(files.PLACE):
        findings.append(Finding("warning", "no_file_server"))
    return Examined(findings or [Finding("good", "health_good")])


def _unwell(relay: Relay, error: ConnectorError) -> Finding:
    reason = "relay_shut" if isinstance(error, GrantExpired) else "relay_down"
    return Finding("warning", reason, {"relay": relay.shown})


def _conditions(relay: Relay, told: dict[str, Any]) -> list[Finding]:
    limits = told.get("limitation")
    if not isinstance(limits, dict):
        return []
    found = []
    if limits.get("payment_required") is True:
        found.append(Finding("warning", "relay_paid", {"relay": relay.shown}))
    work = limits.get("min_pow_difficulty")
    if isinstance(work, int) and work > 0:
        found.append(Finding("warning", "relay_work", {"relay": relay.shown}))
    return found
