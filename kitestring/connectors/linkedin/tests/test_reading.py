"""Comments two deep, numbers and who may see them, health, and the consent with its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.linkedin import auth, diagnostics, inbox, metrics, moderation
from kitestring.connectors.linkedin.client import MANIFEST
from kitestring.connectors.linkedin.tests.test_publish import through
from kitestring.kit import clock
from kitestring.kit.http import Client

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def test_answers_below_comments_come_in_with_their_parent(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin")
    post = await through(bench.session, duty("post", "Mở cửa"))
    first = bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "Mấy giờ? (sáng)")
    bench.platform.comment(first.id, "minh", "Minh", "7 giờ")
    messages = list((await inbox.fetch(bench.session, [post.remote_id, "urn:li:share:1"], "")).messages)
    assert [one.text for one in messages] == ["Mấy giờ? (sáng)", "7 giờ"]
    assert messages[1].parent_id == messages[0].remote_id
    assert {one.post_remote_id for one in messages} == {post.remote_id}
    assert messages[0].author_id.startswith("urn:li:person:")


async def test_more_than_a_hundred_comments_are_all_read(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin")
    post = await through(bench.session, duty("post", "Đông"))
    for number in range(101):
        bench.platform.comment(post.remote_id, f"khach-{number}", "Khách", f"Số {number}")
    page = await inbox.fetch(bench.session, [post.remote_id], "")
    assert len(page.messages) == 101


async def test_what_is_gone_cannot_be_liked(at_work: AtWork) -> None:
    bench = await at_work("linkedin")
    with pytest.raises(Rejected) as caught:
        await moderation.like(bench.session, "urn:li:comment:(urn:li:activity:7100000000000001001,5)", True)
    assert caught.value.reason == "gone"
    with pytest.raises(Rejected) as caught:
        await moderation.like(bench.session, "5", True)
    assert caught.value.reason == "not_there"


async def test_numbers_are_for_administrators(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin")
    post = await through(bench.session, duty("post", "Số"))
    assert {one.why for one in await metrics.read(bench.session, [post.remote_id])} == {"no_numbers"}
    bench.platform.count(post.remote_id, "views", 9)
    told = {one.metric: one.value for one in await metrics.read(bench.session, [post.remote_id])}
    assert told == {"views": 9, "reach": 9, "likes": 0, "replies": 0, "reposts": 0, "clicks": 0}
    bench.platform.memory["roles"] = {"hien-ca-phe": "CONTENT_ADMINISTRATOR"}
    assert {one.why for one in await metrics.read(bench.session, [post.remote_id])} == {"numbers_for_admins"}
    own = {one.metric: one.why for one in await metrics.account(bench.session)}
    assert own == {"followers": "", "profile_views": "numbers_for_admins"}
    again = await at_work("linkedin", platform=bench.platform)
    assert again.connected.capabilities == {"metrics": "numbers_for_admins"}


async def test_fifty_posts_are_three_calls(at_work: AtWork) -> None:
    bench = await at_work("linkedin")
    asked = len(bench.faults.seen)
    posts = [f"urn:li:share:{7_000_000_000_000_000_000 + number}" for number in range(50)]
    assert len(await metrics.read(bench.session, posts)) == 50 * len(MANIFEST.metrics)
    assert len(bench.faults.seen) - asked == 3


async def test_a_person_reads_nothing_and_is_told_so(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin", what="person")
    assert bench.connected.account_type == "person"
    assert set(bench.connected.capabilities.values()) == {"person_reads_nothing"}
    asked = len(bench.faults.seen)
    assert (await inbox.fetch(bench.session, ["urn:li:share:7"], "5")).cursor == "5"
    assert {one.why for one in await metrics.read(bench.session, ["urn:li:share:7"])} == {
        "person_reads_nothing"
    }
    assert {one.why for one in await metrics.account(bench.session)} == {"person_reads_nothing"}
    assert len(bench.faults.seen) == asked


async def test_health_tells_what_is_amiss(at_work: AtWork) -> None:
    bench = await at_work("linkedin")
    bench.platform.memory["roles"] = {"hien-ca-phe": ""}
    reasons = [one.reason for one in (await diagnostics.examine(bench.session)).findings]
    assert reasons == ["role_lost"]
    bench.platform.memory["roles"] = {}
    soon = (clock.now() + timedelta(days=9)).isoformat()
    secrets = {**bench.session.grant.secrets, auth.REFRESH_ENDS: soon}
    old = replace(bench.session, grant=replace(bench.session.grant, secrets=secrets))
    [found] = (await diagnostics.examine(old)).findings
    assert (found.reason, found.params) == ("ends_soon", {"day": soon[:10]})
    bare = replace(old, app={}, grant=replace(old.grant, secrets={"access_token": secrets["access_token"]}))
    [found] = (await diagnostics.examine(bare)).findings
    assert found.reason == "app_keys_missing"
    bench.faults.next(Fault("retired"))
    [bad] = (await diagnostics.examine(bench.session)).findings
    assert (bad.state, bad.reason) == ("bad", "version_retired")


async def test_a_consent_that_nothing_renews_says_so(at_work: AtWork) -> None:
    bench = await at_work("linkedin")
    renewed = await auth.renew(bench.session)
    assert renewed.secrets[auth.REFRESH_ENDS]
    bare = {"access_token": bench.session.grant.secrets["access_token"]}
    near = replace(bench.session.grant, secrets=bare, expires_at=clock.now() + timedelta(days=5))
    with pytest.raises(GrantExpired) as caught:
        await auth.renew(replace(bench.session, grant=near))
    assert caught.value.reason == "renewed_by_hand"


async def test_asked_in_between_a_token_that_opens_stays(at_work: AtWork) -> None:
    """A call was refused: whether the token is over is asked, and not taken from one answer."""
    bench = await at_work("linkedin")
    bare = {"access_token": bench.session.grant.secrets["access_token"]}
    far = replace(bench.session.grant, secrets=bare, expires_at=clock.now() + timedelta(days=50))
    session = replace(bench.session, grant=far)
    assert await auth.renew(session) == far
    bench.faults.next(Fault("unauthorized"))
    with pytest.raises(GrantExpired) as caught:
        await auth.renew(session)
    assert caught.value.reason != "renewed_by_hand"


async def test_who_owns_no_page_is_told(at_work: AtWork) -> None:
    bench = await at_work("linkedin")
    bench.platform.memory["roles"] = {"hien-ca-phe": "ANALYST"}
    with pytest.raises(Rejected) as caught:
        await at_work("linkedin", platform=bench.platform)
    assert caught.value.reason == "nothing_to_connect"


async def test_a_token_that_sleeps_is_asked_again(at_work: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "WAITS", (0.0,))
    bench = await at_work("linkedin")
    bench.faults.always(Fault("unauthorized"))
    calls = 0

    async def asleep(caller: Any, grant: Any) -> list[Any]:
        nonlocal calls
        calls += 1
        raise GrantExpired

    monkeypatch.setattr(auth, "_pages", asleep)
    bench.faults.clear()
    with pytest.raises(Rejected) as caught:
        await at_work("linkedin", platform=bench.platform)
    assert (caught.value.reason, calls) == ("token_not_awake", 2)


@pytest.mark.parametrize(
    ("what", "has", "lacks"),
    [("page", "w_organization_social", "openid"), ("person", "openid", "rw_organization_admin")],
)
async def test_each_asks_for_its_own_rights(what: str, has: str, lacks: str) -> None:
    urls = {"auth": "https://www.test"}
    begun = await auth.begin(
        cast(Client, None), urls, {"client_id": "abc"}, {"what": what}, state="s", redirect_uri="https://k.test/back"
    )  # fmt: skip
    asked = parse_qs(urlsplit(begun.url).query)["scope"][0].split()
    assert has in asked
    assert lacks not in asked
