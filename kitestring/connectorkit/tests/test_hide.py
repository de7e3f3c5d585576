"""Secrets stay out of what a traceback shows: of a refusal, of what it was raised from, of a grant that is printed."""

from __future__ import annotations

import traceback

import pytest

from kitestring.connectorkit.contract import Grant, Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.hooks import Door
from kitestring.kit.http import Client

SECRET, OTHER = "8812:AAH_word", "s3cr3t"


@pytest.mark.parametrize(
    "made",
    [
        RetryLater(said=f"no answer of /bot{SECRET}/getMe {OTHER}"),
        GrantExpired(said=f"{SECRET} {OTHER}"),
        Rejected("", said=f"{SECRET}{OTHER}"),
        Ambiguous(said=f"{SECRET} {OTHER}"),
    ],
    ids=lambda made: type(made).__name__,
)
def test_a_refusal_and_what_is_behind_it(made: ConnectorError) -> None:
    made.__cause__ = ValueError(5, f"call of https://a.test/bot{SECRET}/getMe failed")
    made.hide(SECRET, OTHER, "")
    shown = "".join(traceback.format_exception(made)) + made.said + repr(made)
    assert SECRET not in shown
    assert OTHER not in shown
    assert "***" in made.said
    assert made.__cause__.args == (5, "call of https://a.test/bot***/getMe failed")


def test_what_was_raised_in_a_circle_is_looked_through_once() -> None:
    made, other = RetryLater(said=SECRET), ValueError(SECRET)
    made.__context__, other.__context__ = other, made
    made.hide(SECRET)
    assert (made.said, other.args) == ("***", ("***",))


def test_a_grant_that_is_printed() -> None:
    grant = Grant({"token": SECRET}, scopes=("read",))
    session = Session(Client(["a.test"]), {}, grant)
    assert SECRET not in f"{grant!r} {session!r} {Door({'secret': SECRET})!r}"
    assert "read" in repr(grant)
