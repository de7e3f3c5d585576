"""What Weibo's answers mean to us, each row on an answer that was documented, recorded or assumed; and how we ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from kitestring.connectorkit.contract import Grant, Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence, sentence
from kitestring.connectors.weibo import auth, diagnostics, inbox, metrics, refusals
from kitestring.connectors.weibo.client import MANIFEST, Api, number
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client

FIXTURES = Path(__file__).parent / "fixtures"
CASES = json.loads((FIXTURES / "errors.json").read_text("utf-8"))["cases"]
ANSWERS = json.loads((FIXTURES / "answers.json").read_text("utf-8"))["answers"]
URLS = {
    "api": "https://api.test",
    "commercial": "https://c.test",
    "auth": "https://auth.test",
    "web": "https://w.test",
}


class Says:
    """A client that gives these answers, one after another."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), list[dict[str, Any]]()

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        self.asked.append({"method": method, "url": url, **more})
        return self.answers.pop(0)


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    return Answer(status, {"content-type": "application/json", **headers}, json.dumps(body).encode())


def shown(name: str) -> Answer:
    return answer(ANSWERS[name]["body"])


def api(*answers: Answer, commercial: bool = False) -> tuple[Api, Says]:
    says = Says(*answers)
    return Api(cast(Client, says), URLS, "t", commercial=commercial), says


def session(*answers: Answer, kind: str = "share", **settings: Any) -> tuple[Session, Says]:
    says = Says(*answers)
    grant = Grant({"access_token": "t"})
    return Session(cast(Client, says), URLS, grant, "1404376560", "zaku", kind, settings), says


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_each_refusal_ends_in_its_outcome(case: dict[str, Any]) -> None:
    caller, _ = api(answer(case["body"], case["status"]))
    with pytest.raises(ConnectorError) as caught:
        await caller.post("statuses/share", {"status": "x"})
    error = caught.value
    assert (type(error).__name__, error.reason) == (case["outcome"], case["reason"])
    assert str(case["body"]["error_code"]) in error.said
    assert has_sentence(error.reason, MANIFEST)
    if isinstance(error, Rejected):
        assert error.field == case["field"]
    if isinstance(error, RetryLater):
        assert error.after is not None
        assert error.after == case.get("after", error.after)
        assert 0 < error.after <= 3600


def test_every_fixture_says_what_it_stands_on() -> None:
    for one in (*CASES, *ANSWERS.values()):
        assert one["basis"] in {"documented", "recorded", "assumed"}
        assert len(one["source"]) > 10


def test_every_row_has_a_sentence_in_each_language_and_a_fixture() -> None:
    told = {int(case["body"]["error_code"]) for case in CASES}
    for code, row in refusals.CODES.items():
        for language in ("en", "zh-hans", "vi"):
            assert sentence(row.reason, {}, language, MANIFEST)
        same = {other for other, it in refusals.CODES.items() if it.reason == row.reason}
        assert same & told or row.reason in ("text_required", "app_keys_wrong"), code


async def test_used_up_calls_wait_for_the_full_hour_or_as_told() -> None:
    body = {"error": "User requests out of rate limit!", "error_code": 10023, "request": "/2/x.json"}
    caller, _ = api(answer(body, 403), answer(body, 403, **{"retry-after": "7"}))
    left = 3600 - clock.now().timestamp() % 3600
    with pytest.raises(RetryLater) as caught:
        await caller.get("statuses/count")
    assert caught.value.after is not None
    # A full hour may have begun between our two looks at the clock.
    assert left - 5 < caught.value.after <= left or caught.value.after > 3590
    with pytest.raises(RetryLater) as caught:
        await caller.get("statuses/count")
    assert caught.value.after == 7


async def test_a_broken_read_is_only_later() -> None:
    body = {"error": "System error", "error_code": 10001, "request": "/2/x.json"}
    caller, _ = api(answer(body, 503))
    with pytest.raises(RetryLater) as caught:
        await caller.get("statuses/count")
    assert caught.value.reason == "broken"


async def test_two_families_of_addresses_and_a_token_in_the_header() -> None:
    caller, says = api(shown("count_sp"))
    await caller.get("statuses/count", ids="1")
    assert says.asked[0]["url"] == "https://api.test/2/statuses/count.json"
    assert says.asked[0]["headers"]["Authorization"] == "OAuth2 t"
    assert "access_token" not in says.asked[0]["params"]
    paid, says = api(shown("count"), shown("share"), commercial=True)
    await paid.get("statuses/count", ids="1")
    assert says.asked[0]["url"] == "https://c.test/2/statuses/count/biz.json"
    await paid.user("1")
    assert says.asked[1]["url"] == "https://api.test/2/users/show.json"


async def test_the_documented_answer_gives_the_number_as_text() -> None:
    caller, _ = api(shown("share"))
    assert number(await caller.post("statuses/share", {})) == "3504803600502730"


async def test_an_answer_without_a_number_is_unclear() -> None:
    for body in ({"text": "x"}, [], "ok", {"id": 0}):
        caller, _ = api(answer(body))
        with pytest.raises(Ambiguous) as caught:
            await caller.post("statuses/share", {})
        assert caught.value.reason == "not_itself"


async def test_an_empty_list_is_no_trouble_and_a_strange_one_is() -> None:
    caller, _ = api(shown("empty_timeline"), answer({}), answer({}), answer({"statuses": None, "new": 1}))
    for _told in ("[]", "{}"):
        assert await caller.rows("statuses/user_timeline", "statuses", bare=True) == []
    for bare in (False, True):  # a bare {} where a post is looked for, and a list that is none
        with pytest.raises(RetryLater):
            await caller.rows("statuses/user_timeline", "statuses", bare=bare)


async def test_counts_are_read_from_numbers_texts_and_both_names() -> None:
    for name, post, likes in (("count", "32817222", 38.0), ("count_sp", "3468865533114224", 0.0)):
        at_work, _ = session(shown(name))
        told = {one.metric: one.value for one in await metrics.read(at_work, [post])}
        assert told["likes"] == likes
        assert told["replies"] in (16.0, 37495.0)


async def test_the_documented_comment_comes_in_whole() -> None:
    at_work, _ = session(shown("comments"), answer({"statuses": []}), answer({"comments": []}))
    [one] = (await inbox.fetch(at_work, ["11488058246"], "")).messages
    assert (one.remote_id, one.text) == ("11488058246_12438492184", "love your work.......")
    assert one.at.isoformat() == "2011-05-31T16:50:25+00:00"
    assert (one.author_name, one.own) == ("zaku", True)


async def test_the_documented_token_tells_its_end() -> None:
    limits, info = shown("rate_limit"), ANSWERS["token_info"]["body"]
    who = answer({"id": 1404376560})
    at_work, _ = session(
        who, answer({**info, "expire_in": 90_000}), limits, own_domains=["a.example"], rip="1.1.1.1"
    )
    found = await diagnostics.examine(at_work)
    assert [one.reason for one in found.findings] == ["app_keys_missing", "ends_soon", "storage_clause"]
    assert found.left == {}


@pytest.mark.parametrize("left", [-120, "-120", 0, "0", -0.5])
async def test_a_consent_whose_time_is_over_has_ended(left: object) -> None:
    at_work, _ = session(answer({**ANSWERS["token_info"]["body"], "expire_in": left}))
    with pytest.raises(GrantExpired) as caught:
        await auth.renew(at_work)
    assert caught.value.reason == "grant_expired"
    told = answer({**ANSWERS["token_info"]["body"], "expire_in": left})
    at_work, _ = session(answer({"id": 1404376560}), told, shown("rate_limit"))
    found = (await diagnostics.examine(at_work)).findings
    assert ("bad", "grant_expired") in [(one.state, one.reason) for one in found]
    assert "ends_soon" not in [one.reason for one in found]


@pytest.mark.parametrize("left", [None, "soon", "nan", "inf"])
async def test_a_time_left_that_is_no_number_ends_nothing(left: object) -> None:
    at_work, _ = session(answer({**ANSWERS["token_info"]["body"], "expire_in": left}))
    with pytest.raises(RetryLater):
        await auth.renew(at_work)


async def test_the_documented_consent_has_an_end_and_no_refresh() -> None:
    says = Says(shown("access_token"), answer({"id": 1404376560, "screen_name": "zaku"}))
    begun = auth.Begun("x", {"what": "share", "safe_domain": "a.example", "rip": "211.156.0.1"})
    app = {"client_id": "k", "client_secret": "s"}
    [found] = await auth.finish(
        cast(Client, says), URLS, app, begun, {"code": "c"}, redirect_uri="https://kitestring.example/back"
    )
    assert (found.remote_id, found.handle, found.account_type) == ("1404376560", "zaku", "share")
    assert found.settings == {"own_domains": ["a.example"], "rip": "211.156.0.1"}
    assert found.grant.expires_at is not None
    assert "refresh_token" not in found.grant.secrets
