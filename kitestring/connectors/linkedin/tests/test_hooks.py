"""What LinkedIn calls: for which Page an action rings, and that only a UUID is signed."""

from __future__ import annotations

import json

import pytest

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import hexed
from kitestring.connectors.linkedin import hooks

SECRET = "client-secret"
DOOR = AppDoor({}, {"client_secret": SECRET})
PAGE = "urn:li:organization:24141830"


def knock(told: object, before: str = "") -> Knock:
    body = json.dumps(told).encode()
    return Knock("POST", {}, {"x-li-signature": before + hexed(SECRET, b"hmacsha256=" + body)}, body)


def told(action: str, page: object = PAGE, kind: str = hooks.PAGES) -> dict[str, object]:
    row = {
        "notificationId": 1,
        "organizationalEntity": page,
        "action": action,
        "sourcePost": "urn:li:share:1",
    }
    return {"type": kind, "notifications": [row]}


@pytest.mark.parametrize("action", ["COMMENT", "ADMIN_COMMENT"])
@pytest.mark.parametrize("before", ["", "hmacsha256="])
def test_a_comment_rings_for_its_page(action: str, before: str) -> None:
    """The document can be read both ways: whether the header repeats the prefix. Both are signed."""
    assert hooks.hear(knock(told(action), before), DOOR) == Rung("", (Ring(PAGE, words=True),))


@pytest.mark.parametrize(
    "body",
    [
        told("LIKE"),
        told("SHARE_MENTION"),
        told("COMMENT", 5.5),
        told("COMMENT", kind="LEAD_ACTION"),
        {"a": 1},
    ],
)
def test_what_nobody_wrote_to_a_page_rings_for_nobody(body: object) -> None:
    assert hooks.hear(knock(body), DOOR) == Rung()


def test_a_mark_over_the_bare_body_is_none() -> None:
    body = json.dumps(told("COMMENT")).encode()
    assert hooks.hear(Knock("POST", {}, {"x-li-signature": hexed(SECRET, body)}, body), DOOR) is None


@pytest.mark.parametrize(
    "asked", ["", "x", 'hmacsha256={"type": "a"}', "890e4665-4dfe-4ab1-b689-ed553bceeed0x", "☃"]
)
def test_nothing_but_a_uuid_is_signed(asked: str) -> None:
    assert hooks.hear(Knock("GET", {"challengeCode": asked}), DOOR) is None


def test_the_trial_of_an_address_is_no_signed_call() -> None:
    rung = hooks.hear(Knock("GET", {"challengeCode": "890e4665-4dfe-4ab1-b689-ed553bceeed0"}), DOOR)
    assert rung is not None
    assert not rung.signed
