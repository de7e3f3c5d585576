"""Connecting with fewer rights, renewing, counts of posts and of the account, and what is told of an account's health."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from yarl import URL

from kitestring.connectorkit.contract import Grant
from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.tiktok import auth, diagnostics, metrics, publishing
from kitestring.kit import clock

APP = {"client_key": "k", "client_secret": "s"}


def without(*scopes):
    platform = Platform()
    platform.memory["declined"] = list(scopes)
    return platform


async def test_the_challenge_is_written_in_hexadecimal_digits():
    begun = await auth.begin(
        None, {"auth": "https://there.example"}, APP, {}, state="s", redirect_uri="https://us.example/back"
    )
    query = URL(begun.url).query
    assert URL(begun.url).path == "/v2/auth/authorize/"
    assert query["client_key"] == "k"
    assert query["scope"].split(",")[:2] == ["user.info.basic", "video.publish"]
    assert query["code_challenge"] == hashlib.sha256(begun.keeps["verifier"].encode()).hexdigest()
    assert query["code_challenge_method"] == "S256"
    assert 43 <= len(begun.keeps["verifier"]) <= 128


async def test_who_it_is_and_what_it_may_do(at_work):
    there = await at_work("tiktok")
    found = there.connected
    assert (found.handle, found.name, found.account_type) == ("@hien_ca_phe", "Hien Ca Phe", "creator")
    assert all(able is True for able in found.capabilities.values())
    levels = [row["value"] for row in found.settings["privacy_levels"]]
    assert levels == ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    ends = found.grant.secrets[auth.REFRESH_ENDS]
    assert timedelta(days=179) < (auth.clock.now().fromisoformat(ends) - clock.now()) < timedelta(days=181)


async def test_without_the_right_to_post_there_are_drafts(at_work, clip):
    there = await at_work("tiktok", platform=without("video.publish"))
    assert there.connected.account_type == "drafts"
    assert there.connected.capabilities["publishing"] == "direct_declined"
    assert not any("creator_info" in seen.path for seen in there.faults.seen)
    with pytest.raises(Rejected) as caught:
        publishing.check(there.session, clip())
    assert caught.value.reason == "kind_not_for_account"
    publishing.check(there.session, clip(kind="draft"))


async def test_without_the_right_to_drafts_they_are_refused_here(at_work, clip):
    there = await at_work("tiktok", platform=without("video.upload", "user.info.profile"))
    assert there.connected.handle == "@hien_ca_phe", "the name that posting tells"
    with pytest.raises(Rejected) as caught:
        publishing.check(there.session, clip(kind="draft"))
    assert (caught.value.field, caught.value.reason) == ("kind", "drafts_declined")


async def test_with_neither_nothing_is_connected(at_work):
    with pytest.raises(Rejected) as caught:
        await at_work("tiktok", platform=without("video.publish", "video.upload"))
    assert caught.value.reason == "no_posting_right"


async def test_an_account_at_its_cap_is_connected_all_the_same(at_work):
    platform = Platform()
    platform.memory["publishings"] = {
        f"v.{n}": {
            "account": "hien-ca-phe",
            "at": clock.now().isoformat(),
            "draft": False,
            "status": "PUBLISH_COMPLETE",
        }
        for n in range(15)
    }
    there = await at_work("tiktok", platform=platform)
    assert there.connected.settings.get("privacy_levels") is None
    found = await diagnostics.examine(there.session)
    assert [(one.state, one.reason) for one in found.findings] == [("warning", "posts_used")]


async def test_a_renewal_brings_the_next_refresh_token_and_ends_the_last(at_work):
    there = await at_work("tiktok")
    renewed = await auth.renew(there.session)
    before, after = there.session.grant.secrets, renewed.secrets
    assert after["refresh_token"] != before["refresh_token"]
    assert renewed.scopes == there.session.grant.scopes
    with pytest.raises(GrantExpired):
        await auth.renew(there.session)
    await auth.renew(replace(there.session, grant=renewed))
    with pytest.raises(GrantExpired):
        await auth.renew(replace(there.session, grant=Grant({"access_token": "a"})))


async def test_a_post_published_under_its_number_is_counted_once_its_id_is_told(at_work, clip):
    there, duty = await at_work("tiktok"), clip()
    await publishing.publish(there.session, duty)
    (number,) = there.platform.memory["publishings"]
    first = await metrics.read(there.session, [number])
    assert {(r.value, r.why) for r in first} == {(None, "private_uncounted")}
    (post,) = there.platform.posts()
    there.platform.count(post.id, "likes", 7)
    for _ in range(3):
        readings = await metrics.read(there.session, [number, post.id])
    likes = {r.remote_id: r.value for r in readings if r.metric == "likes"}
    assert likes == {number: 7, post.id: 7}
    shares = [r for r in readings if r.metric == "shares"]
    assert all((r.value, r.field) == (0, "share_count") for r in shares)


async def test_more_posts_than_one_question_takes(at_work):
    there = await at_work("tiktok")
    asked = len(there.faults.seen)
    readings = await metrics.read(there.session, [str(7_300_000_000_000_000_000 + n) for n in range(41)])
    assert len(there.faults.seen) - asked == 3
    assert {(r.value, r.why) for r in readings} == {(None, "not_listed")}
    assert len(readings) == 41 * 4


async def test_rights_not_given_are_told_and_nothing_is_asked(at_work):
    there = await at_work("tiktok", platform=without("video.list", "user.info.stats"))
    asked = len(there.faults.seen)
    assert {r.why for r in await metrics.read(there.session, ["7", "v.1"])} == {"list_declined"}
    assert {r.why for r in await metrics.account(there.session)} == {"stats_declined"}
    assert len(there.faults.seen) == asked
    found = await diagnostics.examine(there.session)
    assert {one.reason for one in found.findings if one.state == "warning"} == {
        "list_declined",
        "stats_declined",
    }
    assert set(found.scopes) == {"user.info.basic", "video.publish", "video.upload", "user.info.profile"}


@pytest.mark.parametrize("told", [True, False])
async def test_rights_taken_back_since_end_no_consent(at_work, told):
    """The grant still names them, or never told which it has; TikTok refuses with a 401."""
    there = await at_work("tiktok", platform=without("video.list", "user.info.stats"))
    scopes = (*there.session.grant.scopes, "video.list", "user.info.stats") if told else ()
    session = replace(there.session, grant=replace(there.session.grant, scopes=scopes))
    asked = len(there.faults.seen)
    assert {r.why for r in await metrics.read(session, ["7300000000000000001"])} == {"list_declined"}
    assert {r.why for r in await metrics.account(session)} == {"stats_declined"}
    assert len(there.faults.seen) > asked
    there.faults.always(Fault("unauthorized"))
    with pytest.raises(GrantExpired):
        await metrics.account(session)


async def test_a_sound_account(at_work):
    there = await at_work("tiktok")
    found = await diagnostics.examine(there.session)
    assert [(one.state, one.reason) for one in found.findings] == [
        ("good", "health_good"),
        ("good", "longest_video"),
    ]
    assert found.findings[1].params == {"limit": 600}
    assert found.settings == there.connected.settings, "what the composer offers is read anew"


async def test_an_app_without_an_audit_is_told(at_work):
    there = await at_work("tiktok", audited="no")
    found = await diagnostics.examine(there.session)
    assert ("warning", "audit_missing_public") in [(one.state, one.reason) for one in found.findings]
    told = diagnostics._posting(there.session, diagnostics.creator.Creator(levels=("FOLLOWER_OF_CREATOR",)))
    assert [one.reason for one in told] == ["audit_missing"]
    quiet = diagnostics.creator.Creator(levels=("SELF_ONLY",), off=frozenset({"comment"}))
    assert "comments_off" in [one.reason for one in diagnostics._posting(there.session, quiet)]


@pytest.mark.parametrize(("days", "warned"), [(13, True), (15, False)])
async def test_a_consent_that_ends_soon_is_told(at_work, days, warned):
    there = await at_work("tiktok")
    ends = {auth.REFRESH_ENDS: (clock.now() + timedelta(days=days)).isoformat()}
    grant = replace(there.session.grant, secrets={**there.session.grant.secrets, **ends})
    found = await diagnostics.examine(replace(there.session, grant=grant))
    assert ("ends_soon" in [one.reason for one in found.findings]) is warned


async def test_a_grant_that_ended_is_told(at_work):
    there = await at_work("tiktok")
    there.faults.always(Fault("unauthorized"))
    found = await diagnostics.examine(there.session)
    assert [(one.state, one.reason) for one in found.findings] == [("bad", "grant_expired")]
