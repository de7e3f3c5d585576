"""What YouTube's errors become, and the sentences they are told in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kitestring.connectorkit.errors import ConnectorError, RetryLater
from kitestring.connectorkit.sentences import has_sentence, sentence
from kitestring.connectors.youtube.client import MANIFEST, ROWS
from kitestring.kit.http import Answer
from kitestring.providers.google.errors import knows, until_tomorrow

FIXTURE = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))


def told(status, reason, message="No.", **more):
    error = {"code": status, "message": message, "errors": [{"message": message, "reason": reason}]}
    return Answer(status, {}, json.dumps({"error": {**error, **more}}).encode())


@pytest.mark.parametrize("row", FIXTURE["rows"], ids=lambda row: row["reason"])
def test_each_reason_has_its_outcome_and_its_sentence(row):
    with pytest.raises(ConnectorError) as caught:
        knows(ROWS)(told(row["status"], row["reason"]))
    error = caught.value
    assert (type(error).__name__, error.reason) == (row["becomes"], row["says"])
    assert getattr(error, "field", "") == row.get("field", "")
    assert error.said == "No."
    assert has_sentence(error.reason, MANIFEST)


def test_no_row_names_a_sentence_that_is_not_there():
    assert [row.reason for row in ROWS if not has_sentence(row.reason, MANIFEST)] == []


def test_the_newer_reason_goes_before_the_older():
    details = [{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]
    with pytest.raises(ConnectorError) as caught:
        knows(ROWS)(told(403, "forbidden", details=details))
    assert caught.value.reason == "scope_missing"


def test_a_used_quota_waits_for_midnight_in_california():
    assert until_tomorrow(datetime(2026, 11, 21, 7, 0, tzinfo=UTC)) == 3600  # 23:00 there, winter
    assert until_tomorrow(datetime(2026, 7, 1, 6, 30, tzinfo=UTC)) == 1800  # 23:30 there, summer
    with pytest.raises(RetryLater) as caught:
        knows(ROWS)(told(403, "quotaExceeded"))
    assert 0 < caught.value.after <= 86400


def test_what_is_no_error_of_google_is_left_alone():
    knows(ROWS)(Answer(404, {}, b"<html>Not Found</html>"))
    knows(ROWS)(Answer(500, {}, b'{"error": {"code": 500, "errors": [{"reason": "authError"}]}}'))
    knows(ROWS)(told(410, "gone"))


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "every seven days"), ("zh-hans", "每七天"), ("vi", "bảy ngày")],
)
def test_an_ended_consent_names_the_likely_cause(language, words):
    assert words in sentence("google_consent_over", {}, language, MANIFEST)
