"""What LinkedIn calls about Pages: somebody commented. A bell, and no more.

Signed with the client secret: the HMAC of "hmacsha256=" and the body. The trial of an address has us sign a UUID with the
same key: no UUID begins so, and nothing else is signed.
Source: learn.microsoft.com/linkedin/shared/api-guide/webhook-validation; learn.microsoft.com/linkedin/marketing,
organization-social-action-notifications
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import hexed, rows, same, text, told

BEFORE: Final = b"hmacsha256="
TRIAL: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
PAGES: Final = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
WORDS: Final = {"COMMENT", "ADMIN_COMMENT"}


def hear(knock: Knock, door: AppDoor) -> Rung | None:
    """By X-LI-Signature; the trial of an address by its challengeCode."""
    secret = door.keys.get("client_secret", "")
    if knock.method == "GET":
        asked = knock.query.get("challengeCode", "")
        if not secret or not TRIAL.fullmatch(asked):
            return None
        answer = {"challengeCode": asked, "challengeResponse": hexed(secret, asked.encode())}
        return Rung(json.dumps(answer), signed=False)
    given = knock.headers.get("x-li-signature", "").removeprefix(BEFORE.decode())
    body = told(knock.body)
    if not secret or not body or not same(hexed(secret, BEFORE + knock.body), given):
        return None
    return Rung("", tuple(_rings(body)))


def names(handle: str) -> tuple[str, ...]:
    """LinkedIn calls about nothing that is under way."""
    return ()


def _rings(body: Mapping[str, Any]) -> Iterator[Ring]:
    if text(body, "type") != PAGES:
        return
    for one in rows(body, "notifications"):
        page = text(one, "organizationalEntity")
        if page and text(one, "action") in WORDS:
            yield Ring(page, words=True)
