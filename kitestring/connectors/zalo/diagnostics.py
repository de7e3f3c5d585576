"""What Zalo says of the account: whether it is verified, and whether it has a package."""

from __future__ import annotations

from collections.abc import Mapping

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired
from kitestring.connectors.zalo.client import oa


async def examine(session: Session) -> Examined:
    """Findings from the account's own profile. Raises RetryLater when Zalo is down."""
    try:
        told = await oa(session).get("/v2.0/oa/getoa")
    except GrantExpired as error:
        return Examined([Finding("bad", error.reason)])
    findings = []
    if isinstance(told, Mapping) and not told.get("is_verified"):
        findings.append(Finding("warning", "account_unverified"))
    if isinstance(told, Mapping) and "package_name" in told and not told["package_name"]:
        findings.append(Finding("warning", "no_package"))
    return Examined(findings or [Finding("good", "health_good")])
