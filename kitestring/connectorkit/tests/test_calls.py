"""Every way a call can go ends in one of the four outcomes."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import Any, cast

import pytest

from kitestring.connectorkit import calls
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, FileGone, HostRefused, HttpError, NoAnswer, NotSent, TooLarge


class Ends:
    """A client whose call ends in this."""

    def __init__(self, end: Answer | HttpError) -> None:
        self.end = end

    async def request(self, *_: object, **__: object) -> Answer:
        if isinstance(self.end, HttpError):
            raise self.end
        return self.end


def answer(status: int, body: bytes = b"{}", **headers: str) -> Answer:
    return Answer(status, {k.replace("_", "-"): v for k, v in headers.items()}, body)


async def outcome(end: Answer | HttpError, write: bool) -> Any:
    client = cast(Client, Ends(end))
    return calls.settled(await calls.send(client, "POST", "https://a.test", write=write), write=write)


@pytest.mark.parametrize(
    ("end", "for_write", "for_read"),
    [
        (HostRefused("x"), (Rejected, "host_refused"), (Rejected, "host_refused")),
        (FileGone("x"), (Rejected, "file_gone"), (Rejected, "file_gone")),
        (NotSent("x"), (RetryLater, "not_reached"), (RetryLater, "not_reached")),
        (NoAnswer("x"), (Ambiguous, "no_answer"), (RetryLater, "no_answer")),
        (TooLarge("x"), (Ambiguous, "no_answer"), (RetryLater, "no_answer")),
        (answer(429), (RetryLater, "busy"), (RetryLater, "busy")),
        (answer(500), (Ambiguous, "broken"), (RetryLater, "broken")),
        (answer(503, b"<html>"), (Ambiguous, "broken"), (RetryLater, "broken")),
        (answer(401), (GrantExpired, "grant_expired"), (GrantExpired, "grant_expired")),
        (answer(401, b""), (GrantExpired, "grant_expired"), (GrantExpired, "grant_expired")),
        (answer(401, b"\n<!DOCTYPE html>"), (Ambiguous, "not_itself"), (RetryLater, "not_itself")),
        (
            answer(401, b"Sign in", content_type="text/html; charset=utf-8"),
            (Ambiguous, "not_itself"),
            (RetryLater, "not_itself"),
        ),
        (answer(302, location="https://b.test"), (Rejected, "moved"), (Rejected, "moved")),
        (answer(422), (Rejected, "refused"), (Rejected, "refused")),
        (answer(200, b"<html>"), (Ambiguous, "not_itself"), (RetryLater, "not_itself")),
    ],
)
async def test_ends(
    end: Answer | HttpError,
    for_write: tuple[type[ConnectorError], str],
    for_read: tuple[type[ConnectorError], str],
) -> None:
    for write, (kind, reason) in ((True, for_write), (False, for_read)):
        with pytest.raises(ConnectorError) as caught:
            await outcome(end, write)
        assert (type(caught.value), caught.value.reason) == (kind, reason)


async def test_where_a_redirect_leads_is_told_without_what_we_asked_with() -> None:
    for rest in ("", "?refresh_token=R-SECRET&client_secret=S-SECRET", "#access_token=A-SECRET"):
        with pytest.raises(Rejected) as caught:
            await outcome(answer(302, location=f"https://b.test/new{rest}"), write=False)
        assert caught.value.said == "https://b.test/new"


async def test_a_good_answer_is_its_json() -> None:
    assert await outcome(answer(200, b'{"id": 1}'), write=True) == {"id": 1}


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7.0), ("0", 0.0), ("-3", 0.0), ("1.5", 1.5), ("", None), ("soon", None)]
)
def test_seconds_to_wait(told: str, seconds: float | None) -> None:
    assert calls.retry_after({"retry-after": told}) == seconds


def test_a_moment_to_wait_for() -> None:
    told = calls.retry_after(
        {"retry-after": format_datetime(clock.now() + timedelta(seconds=90), usegmt=True)}
    )
    assert told is not None
    assert 85 < told <= 90


def test_of_a_web_page_a_person_reads_the_words_only() -> None:
    page = b"<!doctype html><html><head><title>Down</title></head><body><h1>Back soon</h1> at <b>nine</b></body></html>"
    said = calls.words(Answer(503, {"content-type": "text/html"}, page))
    assert "Back soon" in said
    assert "<" not in said


def test_of_an_answer_in_json_a_person_reads_its_sentence() -> None:
    assert calls.words(Answer(400, {}, b'{"error": "a < b"}')) == "a < b"
    assert calls.words(Answer(401, {}, b'{"error": "x", "message": "Token expired"}')) == "Token expired"
    assert calls.words(Answer(400, {}, b'{"error": {"code": 3}}')) == '{"error": {"code": 3}}'
    assert calls.words(Answer(400, {}, b'["odd"]')) == '["odd"]'


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ("inf", None),
        ("nan", None),
        ("1e12", 86400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400.0),
        ("-5", 0.0),
        ("7", 7.0),
    ],
)
def test_a_wait_is_a_number_and_a_day_at_most(told: str, taken: float | None) -> None:
    """Whatever one server says must not keep the others' answers from being written."""
    assert RetryLater("busy", after=calls.retry_after({"retry-after": told})).after == taken
