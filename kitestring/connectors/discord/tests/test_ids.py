"""Discord: keys fit into a nonce whole, snowflakes tell their time, and message ids say where they stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discord import ids, permissions
from kitestring.kit.ids import uuid7


def test_a_key_fits_into_a_nonce() -> None:
    largest = UUID(int=2**128 - 1)
    assert len(ids.nonce(largest)) == len(ids.nonce(UUID(int=0))) == ids.NONCE
    assert ids.nonce(largest) != ids.nonce(UUID(int=2**128 - 2))
    keys = [uuid7() for _ in range(100)]
    assert len({ids.nonce(key) for key in keys}) == 100


def test_a_file_is_known_by_its_name() -> None:
    key = uuid7()
    assert ids.key_in(ids.named(key, 3, "png")) == ids.nonce(key)
    assert ids.key_in("ly-tra.png") == ids.key_in("") == ""


def test_a_snowflake_tells_its_time() -> None:
    """The example of the documents: 175928847299117063 was made on 30 April 2016, 11:18:25.796 UTC."""
    moment = datetime(2016, 4, 30, 11, 18, 25, 796000, UTC)
    assert ids.at("175928847299117063") == moment
    assert abs(ids.at(ids.first_of(moment)) - moment) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("remote_id", "place"), [("7", ("12", "7")), ("99:7", ("99", "7")), ("12:7", ("12", "7"))]
)
def test_where_a_message_stands(remote_id: str, place: tuple[str, str]) -> None:
    session: Any = SimpleNamespace(settings={"channel": "12"}, remote_id="12")
    assert ids.place_of(session, remote_id) == place
    assert ids.called(session, *place) == remote_id.removeprefix("12:")


@pytest.mark.parametrize("odd", ["", "x", "1:2:3", "1:", "a:1", "../1"])
def test_what_is_no_message_id(odd: str) -> None:
    session: Any = SimpleNamespace(settings={"channel": "12"}, remote_id="12")
    with pytest.raises(Rejected):
        ids.place_of(session, odd)


EVERYBODY = {"id": "1", "permissions": str(permissions.VIEW_CHANNEL | permissions.SEND_MESSAGES)}
BOTS = {"id": "5", "permissions": "0"}


@pytest.mark.parametrize(
    ("written", "sends"),
    [
        ([], True),
        ([{"id": "1", "allow": "0", "deny": str(permissions.SEND_MESSAGES)}], False),
        (
            [
                {"id": "1", "allow": "0", "deny": str(permissions.SEND_MESSAGES)},
                {"id": "5", "allow": str(permissions.SEND_MESSAGES), "deny": "0"},
            ],
            True,
        ),
        (
            [
                {"id": "9", "allow": "0", "deny": str(permissions.SEND_MESSAGES)},
                {"id": "5", "allow": str(permissions.SEND_MESSAGES), "deny": "0"},
            ],
            False,
        ),
        ([{"id": "1", "allow": "0", "deny": str(permissions.VIEW_CHANNEL)}], False),
        ([{"id": "77", "allow": "0", "deny": str(permissions.SEND_MESSAGES)}], True),
    ],
)
def test_overwrites_go_from_everybody_to_roles_to_the_member(written: list[Any], sends: bool) -> None:
    channel = {"permission_overwrites": written}
    bits = permissions.may("1", "9", ["5"], [EVERYBODY, BOTS], channel)
    assert bool(bits & permissions.SEND_MESSAGES) is sends


def test_an_administrator_may_everything() -> None:
    roles = [EVERYBODY, {"id": "5", "permissions": str(permissions.ADMINISTRATOR)}]
    channel = {"permission_overwrites": [{"id": "1", "allow": "0", "deny": str(permissions.VIEW_CHANNEL)}]}
    assert permissions.may("1", "9", ["5"], roles, channel) & permissions.MANAGE_MESSAGES
