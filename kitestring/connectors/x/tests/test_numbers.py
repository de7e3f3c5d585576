"""Numbers of posts and of the account, health, and the consent: what X gives, and what it says when it does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from kitestring.connectorkit.contract import Outgoing, Processing, Published, Session
from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.x import auth, diagnostics, metrics, publishing
from kitestring.connectors.x.client import MANIFEST
from kitestring.connectors.x.ids import first_of
from kitestring.connectors.x.tests.saying import Says, answer
from kitestring.kit import clock
from kitestring.kit.http import Client

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def posted(session: Session, outgoing: Outgoing) -> str:
    outcome = await publishing.publish(session, outgoing)
    assert isinstance(outcome, Processing)
    done = await publishing.follow(session, replace(outgoing, handle=outcome.handle))
    assert isinstance(done, Published)
    return done.remote_id


def told(readings: Any, post: str) -> dict[str, tuple[float | None, str]]:
    return {one.metric: (one.value, one.why) for one in readings if one.remote_id == post}


async def test_clicks_end_after_thirty_days_and_the_rest_is_read_on(at_work: AtWork, duty: Duty) -> None:
    ago = -timedelta(days=31)
    bench = await at_work("x", platform=Platform(clock=lambda: clock.now() + ago))
    old = await posted(bench.session, duty("post", "Tháng trước"))
    ago = timedelta(0)
    bench = await at_work("x", platform=bench.platform)
    new = await posted(bench.session, duty("post", "Hôm nay"))
    for post in (old, new):
        bench.platform.count(post, "clicks", 7)
        bench.platform.count(post, "views", 100)
        bench.platform.count(post, "shares", 3)
    readings = await metrics.read(bench.session, [old, new])
    assert told(readings, old)["clicks"] == (None, "thirty_days")
    assert told(readings, new)["clicks"] == (7, "")
    assert told(readings, old)["views"] == told(readings, new)["views"] == (100, "")
    assert told(readings, old)["shares"] == (3, "")


async def test_a_hundred_posts_are_one_call(at_work: AtWork) -> None:
    bench = await at_work("x")
    posts = [str(first_of(clock.now()) - number) for number in range(101)]
    asked = len(bench.faults.seen)
    readings = await metrics.read(bench.session, posts)
    assert len(readings) == 101 * len(MANIFEST.metrics)
    assert {one.why for one in readings} == {"not_there"}
    lookups = [seen for seen in bench.faults.seen[asked:] if seen.path.startswith("/2/tweets?")]
    assert len(lookups) == 4  # a hundred and one, with their private numbers and then without


def session_of(*bodies: object) -> Session:
    said = Says(*(answer(body) for body in bodies))
    return cast(
        Session,
        Session(
            cast(Client, said), {"api": "https://api.test"}, auth.Grant({"access_token": "t"}), "1", "@hien"
        ),
    )


async def test_the_older_vocabulary_is_read_too() -> None:
    post = str(first_of(clock.now()))
    table = {"retweet_count": 5, "reply_count": 1, "like_count": 2, "quote_count": 0, "impression_count": 9}
    session = session_of(
        {"data": [{"id": post, "public_metrics": table, "non_public_metrics": {"url_link_clicks": 4}}]},
        {"data": [{"id": post, "shares": 6}]},
    )
    found = told(await metrics.read(session, [post]), post)
    assert (found["reposts"], found["clicks"], found["shares"]) == ((5, ""), (4, ""), (6, ""))
    assert found["saves"] == (None, "not_given")


async def test_analytics_that_are_closed_cost_only_the_shares() -> None:
    post = str(first_of(clock.now()))
    session = session_of({"data": [{"id": post, "public_metrics": {"like_count": 2}}]}, {})
    says = cast(Says, session.http)
    says.answers[1] = answer({"title": "Forbidden", "detail": "Forbidden", "type": "about:blank"}, 403)
    found = told(await metrics.read(session, [post]), post)
    assert found["likes"] == (2, "")
    assert found["shares"] == (None, "analytics_closed")


async def test_a_post_left_out_for_one_number_is_asked_for_without_it() -> None:
    post = str(first_of(clock.now()))
    session = session_of(
        {"errors": [{"type": "x"}]}, {"data": [{"id": post, "public_metrics": {"like_count": 2}}]}, {}
    )
    found = told(await metrics.read(session, [post]), post)
    assert found["likes"] == (2, "")
    assert found["clicks"] == (None, "not_given")


async def test_posts_in_either_vocabulary_are_counted() -> None:
    for name in ("post_count", "tweet_count"):
        session = session_of({"data": {"id": "1", "public_metrics": {"followers_count": 3, name: 8}}})
        found = {one.metric: one.value for one in await metrics.account(session)}
        assert found == {"followers": 3, "following": None, "posts": 8}


async def test_health_tells_what_is_amiss(at_work: AtWork) -> None:
    bench = await at_work("x")
    poor = replace(bench.session.grant, scopes=("tweet.read", "users.read"))
    found = await diagnostics.examine(replace(bench.session, grant=poor, account_type="premium"))
    reasons = {finding.reason: finding.state for finding in found.findings}
    assert reasons == {"health_good": "good", "scopes_lacking": "warning", "subscription_changed": "warning"}
    assert "tweet.write" in str(found.findings[1].params["scopes"])
    bench.faults.next(Fault("retired"))
    [bad] = (await diagnostics.examine(bench.session)).findings
    assert (bad.state, bad.reason) == ("bad", "version_retired")


async def test_an_empty_purse_is_an_illness_of_its_own() -> None:
    session = session_of({})
    cast(Says, session.http).answers[0] = answer(
        {"title": "Payment Required", "detail": "credits depleted"}, 402
    )
    [bad] = (await diagnostics.examine(session)).findings
    assert (bad.state, bad.reason) == ("bad", "no_credits")


async def test_consent_asks_for_what_is_needed_and_no_more() -> None:
    urls = {"auth": "https://x.test", "api": "https://api.test"}
    for wish, asked in (("yes", True), ("no", False)):
        begun = await auth.begin(
            cast(Client, None),
            urls,
            {"client_id": "abc"},
            {"messages": wish},
            state="s",
            redirect_uri="https://k.test/back",
        )
        query = parse_qs(urlsplit(begun.url).query)
        assert urlsplit(begun.url).path == "/i/oauth2/authorize"
        assert ("dm.read" in query["scope"][0].split()) is asked
        assert {"tweet.write", "offline.access"} <= set(query["scope"][0].split())
        assert query["code_challenge_method"] == ["S256"]
        assert begun.keeps["verifier"] not in begun.url


@pytest.mark.parametrize(
    ("me", "expected"),
    [
        ({"subscription_type": "None"}, "standard"),
        ({}, "standard"),
        ({"subscription_type": "Premium"}, "premium"),
        ({"subscription_type": "PremiumPlus"}, "premium"),
        ({"verified_type": "business"}, "premium"),
        ({"verified_type": "blue", "subscription_type": "None"}, "standard"),
    ],
)
def test_who_may_post_longer(me: dict[str, str], expected: str) -> None:
    assert auth.type_of(me) == expected


async def test_a_refresh_token_works_once_and_a_used_one_ends_the_grant(at_work: AtWork) -> None:
    bench = await at_work("x")
    renewed = await auth.renew(bench.session)
    assert renewed.secrets["refresh_token"] != bench.session.grant.secrets["refresh_token"]
    assert renewed.expires_at is not None
    assert timedelta(hours=1) < renewed.expires_at - clock.now() <= timedelta(hours=2)
    assert set(renewed.scopes) == set(bench.session.grant.scopes)
    with pytest.raises(GrantExpired):
        await auth.renew(bench.session)
    bench.faults.next(Fault("down"))
    with pytest.raises(RetryLater):
        await auth.renew(replace(bench.session, grant=renewed))
    with pytest.raises(Rejected) as caught:
        await auth.renew(
            replace(bench.session, grant=renewed, app={**bench.session.app, "client_secret": "other"})
        )
    assert (caught.value.field, caught.value.reason) == ("client_secret", "app_keys_wrong")
    with pytest.raises(GrantExpired):
        await auth.renew(replace(bench.session, grant=replace(renewed, secrets={"access_token": "t"})))
