"""What a token's examination says for a person: is it valid, does it lack a right, when must they agree again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Finding
from kitestring.connectorkit.errors import GrantExpired
from kitestring.connectorkit.manifest import Scope
from kitestring.kit import clock

SOON: Final = timedelta(days=14)


def findings(
    data: Mapping[str, Any], asked: Iterable[Scope], *, until: str = "data_access_expires_at"
) -> list[Finding]:
    """Findings on the answer of `login.examined`; `until` names the field with the moment (seconds since 1970) of the end.

    Raises GrantExpired when the token is not valid any more.
    """
    if data and not data.get("is_valid", True):
        raise GrantExpired(said=str((data.get("error") or {}).get("message") or ""))
    given = set(scopes(data) or ())
    lacking = [scope.key for scope in asked if given and scope.key not in given]
    found = [Finding("warning", "rights_missing", {"rights": ", ".join(lacking)})] if lacking else []
    moment = _moment(data.get(until))
    if moment is not None and moment - clock.now() < SOON:
        found.append(Finding("warning", "ends_soon", {"day": moment.date().isoformat()}))
    return found or [Finding("good", "health_good")]


def scopes(data: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The rights the token has; None when that was not told."""
    told = data.get("scopes")
    return tuple(str(one) for one in told) if isinstance(told, list) else None


def _moment(value: Any) -> datetime | None:
    """Meta says 0 for a token without an end."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    return datetime.fromtimestamp(value, UTC)
