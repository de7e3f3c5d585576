"""What Meta's channels share: waits by header, proofs, pushes, cursors, insights, and the emulator's reading of `fields`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.providers.meta import insights, signing, usage, webhooks
from kitestring.providers.meta.cursors import LATE, NEVER, Read, moment
from kitestring.providers.meta.emulated.fields import paged, parse, pick
from kitestring.providers.meta.graph import number, plain

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
TOKEN, SECRET = "agreed", "app-secret"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7", "x-app-usage": '{"call_count": 100}'}, 7),
        ({"x-app-usage": '{"call_count": 28, "total_time": 99}'}, None),
        ({"x-app-usage": '{"call_count": 28, "total_time": 100}'}, usage.A_WHILE),
        ({"x-page-usage": '{"total_cputime": 130}'}, usage.A_WHILE),
        (
            {
                "x-business-use-case-usage": '{"1": [{"estimated_time_to_regain_access": 3}, {"call_count": 5}]}'
            },
            180,
        ),
        (
            {
                "x-business-use-case-usage": '{"1": [{"call_count": 100, "estimated_time_to_regain_access": 0}]}'
            },
            300,
        ),
        ({"x-business-use-case-usage": "not json"}, None),
        ({"x-business-use-case-usage": "[1]", "x-app-usage": '"x"'}, None),
    ],
)
def test_how_long_to_wait_is_read_from_the_headers(headers, seconds):
    assert usage.wait(headers) == seconds


def test_the_proof_is_the_documented_one():
    # hash_hmac('sha256', access_token, app_secret)
    expected = "e941110e3d2bfe82621f0e3e1434730d7305d106c5f68c87165d0b27a4611a4a"
    assert signing.proof("token", "secret") == expected
    assert signing.proof("token", "other") != expected


def push(body, **headers):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"x-hub-signature-256": signing.signature(text, SECRET), **headers}
    return Knock("POST", {}, given, text)


def hear(knock, token=TOKEN, secret=SECRET):
    def read(body):
        return webhooks.of_object(body, "page", lambda entry: iter([Ring(entry["id"], about=("x",))]))

    return webhooks.hear(knock, AppDoor({"verify_token": token}, {"client_secret": secret}), read)


def test_the_challenge_is_answered_with_its_own_words():
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "agreed"}
    assert hear(Knock("GET", asked)) == Rung("1158201444")
    for wrong in (
        {"hub.verify_token": "other"},
        {"hub.mode": "x"},
        {"hub.challenge": "<b>\n"},
        {"hub.challenge": "9" * 201},
        {"hub.challenge": ""},
    ):
        assert hear(Knock("GET", {**asked, **wrong})) is None
    assert hear(Knock("GET", {**asked, "hub.verify_token": ""}), token="") is None


def test_a_call_is_taken_when_signed_and_names_whom_it_is_about():
    body = {
        "object": "page",
        "entry": [{"id": "1", "changes": []}, {"id": "2", "messaging": [{"message": {}}]}],
    }
    rings = (Ring("1", about=("x",)), Ring("2", about=("x",)), Ring("2", words=True))
    assert hear(push(body)) == Rung("EVENT_RECEIVED", rings)
    assert hear(push({**body, "object": "user"})) == Rung("EVENT_RECEIVED")
    odd = {"object": "page", "entry": [{"messaging": []}, 5, {"changes": [None, {"value": 5}]}]}
    assert hear(push(odd)) == Rung("EVENT_RECEIVED")
    good = push(body)
    assert hear(good, secret="other") is None
    assert hear(good, secret="") is None
    assert hear(Knock("POST", {}, {}, good.body)) is None
    assert hear(Knock("POST", {}, {"x-hub-signature-256": "é☃"}, good.body)) is None
    assert hear(Knock("POST", {}, good.headers, good.body + b" ")) is None
    for noise in (b"", b"\xff\x00", b"[" * 5000, b"[]"):
        assert hear(push(noise)) is None


def test_a_cursor_goes_forward_only_and_asks_again_from_a_while_before():
    read = Read("")
    assert read.since("1_2") == NEVER
    read.reached("1_2", [AT, AT - timedelta(hours=1)])
    read.reached("1_2", [AT - timedelta(days=1)])
    read.reached("old", [AT - timedelta(days=300)])
    again = Read(read.cursor())
    assert again.since("1_2") == AT - LATE
    assert again.since("old") == NEVER
    assert Read("").cursor() == ""


def test_a_moment_is_read_as_meta_writes_it():
    assert moment({"created_time": "2026-11-21T08:00:00+0000"}) == AT
    assert moment({"timestamp": "2026-11-21T08:00:00"}, "timestamp") == AT
    assert moment({}) == NEVER


def test_insights_are_read_by_total_or_by_the_newest_value():
    body = {
        "data": [
            {
                "name": "views",
                "values": [{"value": 9, "end_time": "2026-11-02"}, {"value": 4, "end_time": "2026-11-01"}],
            },
            {"name": "reach", "total_value": {"value": 5}},
            {"name": "by_type", "values": [{"value": {"like": 3}}]},
            {"name": "none", "values": []},
            "noise",
        ]
    }
    assert insights.values(body) == {"views": 9, "reach": 5}


def test_values_go_out_as_the_api_takes_them():
    told = plain({"a": True, "b": False, "c": None, "d": "", "e": [], "f": ["x"], "g": {"id": "1"}, "h": 0})
    assert told == {"a": "true", "b": "false", "f": '["x"]', "g": '{"id":"1"}', "h": "0"}


@pytest.mark.parametrize("bad", ["", "../me", "1/feed", "1?x=1", "１２", "a b", "1#2"])
def test_what_cannot_be_an_id_never_stands_in_a_path(bad):
    with pytest.raises(Rejected):
        number(bad)


def test_good_ids_pass():
    for good in ("123", "1_2", "t_10", "m_aGVsbG8-_=="):
        assert number(good) == good


def test_the_emulator_gives_only_the_fields_that_were_asked_for():
    rows = [{"id": str(n), "text": "x", "from": {"id": "9", "name": "L"}} for n in range(3)]
    post = {"id": "1", "message": "m", "none": None, "comments": lambda w: paged(rows, w.args["limit"])}
    wanted = parse("message,none,unknown,comments.limit(2).summary(true){from{name},text}")
    found = pick(post, wanted)
    assert (found["message"], found["id"]) == ("m", "1")
    assert found["comments"]["data"][0] == {"id": "0", "text": "x", "from": {"id": "9", "name": "L"}}
    assert len(found["comments"]["data"]) == 2
    assert "none" not in found
    assert "unknown" not in found
