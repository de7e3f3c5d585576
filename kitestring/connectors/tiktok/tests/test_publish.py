"""What is said of a post, what a person must choose for each, and the states it goes through until it has an id, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.contract import Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectors.tiktok import creator, drafting, emulator, publishing, stands
from kitestring.connectors.tiktok.stands import Known
from kitestring.kit import clock


def info(there):
    (post,) = there.platform.posts()
    return post.extra["info"]


async def refused(there, outgoing):
    asked = len(there.faults.seen)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, outgoing)
    return caught.value.field, caught.value.reason, len(there.faults.seen) - asked


async def test_all_is_off_unless_a_person_switched_it_on(at_work, clip, through, known):
    there = await at_work("tiktok")
    done, _ = await through(there.session, clip())
    told = info(there)
    assert {key: value for key, value in told.items() if key not in ("title", "privacy_level")} == {
        "disable_comment": True, "disable_duet": True, "disable_stitch": True, "brand_content_toggle": False,
        "brand_organic_toggle": False, "is_aigc": False,
    }  # fmt: skip
    assert set(told) < set(known["video"]["post_info"])
    assert done.url.endswith(f"/@hien_ca_phe/video/{done.remote_id}")


async def test_what_is_switched_on_is_told(at_work, clip, through, known):
    there = await at_work("tiktok")
    on = dict.fromkeys(
        ("allow_comment", "allow_duet", "allow_stitch", "brand_content", "brand_organic", "ai_made"), "yes"
    )
    await through(there.session, clip(**on, consent="branded", cover_second="2"))
    told = info(there)
    assert set(told) == set(known["video"]["post_info"])
    assert [told[f"disable_{one}"] for one in ("comment", "duet", "stitch")] == [False] * 3
    assert all(told[one] is True for one in ("brand_content_toggle", "brand_organic_toggle", "is_aigc"))
    assert told["video_cover_timestamp_ms"] == 2000


@pytest.mark.parametrize(
    ("options", "field", "reason"),
    [
        ({"privacy": ""}, "options.privacy", "option_missing"),
        ({"consent": ""}, "options.consent", "option_missing"),
        ({"privacy": "EVERYBODY"}, "options.privacy", "option_unknown"),
        ({"brand_content": "yes"}, "options.consent", "consent_branded"),
        (
            {"brand_content": "yes", "consent": "branded", "privacy": "SELF_ONLY"},
            "options.brand_content",
            "branded_not_private",
        ),
        ({"cover_second": "13"}, "options.cover_second", "cover_wrong"),
        ({"cover_second": "-1"}, "options.cover_second", "cover_wrong"),
        ({"cover_second": "２"}, "options.cover_second", "cover_wrong"),
    ],
)
async def test_what_a_person_must_choose_is_not_chosen_for_them(at_work, clip, options, field, reason):
    there = await at_work("tiktok")
    assert await refused(there, clip(**options)) == (field, reason, 0)


async def test_nothing_a_person_must_choose_has_a_default():
    for kind in drafting.MANIFEST.kinds:
        assert all(not option.default for option in kind.options), kind.key
        direct = kind.key in drafting.DIRECT
        assert {option.key for option in kind.options if option.required} == (
            {"privacy", "consent"} if direct else set()
        )


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("茶" * 2200, True),
        ("茶" * 2201, False),
        ("😀" * 1100, True),
        ("😀" * 1101, False),
        ("ệ" * 2200, True),
    ],
)
async def test_a_caption_is_counted_in_utf16(at_work, clip, text, fits):
    there = await at_work("tiktok")
    if fits:
        drafting.check(there.session, clip(text))
        return
    with pytest.raises(Rejected) as caught:
        drafting.check(there.session, clip(text))
    assert caught.value.field == "text"


async def test_the_emulator_counts_alike(at_work, clip, monkeypatch):
    there = await at_work("tiktok")
    monkeypatch.setattr(publishing, "check", lambda *_: None)
    with pytest.raises(Rejected, match="too long"):
        await publishing.publish(there.session, clip("😀" * 1101))


async def test_an_app_that_is_not_audited_posts_for_oneself_alone(at_work, clip, through):
    there = await at_work("tiktok", audited="no")
    assert await refused(there, clip()) == ("options.privacy", "app_unaudited", 0)
    done, _ = await through(there.session, clip(privacy="SELF_ONLY"))
    assert isinstance(done, Published)


async def test_an_app_that_was_called_audited_and_is_not(at_work, clip):
    there = await at_work("tiktok")
    there.platform.memory["unaudited"] = True
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, clip())
    assert (caught.value.field, caught.value.reason) == ("account", "unaudited_account_public")


def test_what_the_account_may_do_is_read_from_its_answer(known):
    found = creator.creator_of(known["creator"]["data"])
    assert found.levels == ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
    assert (found.off, found.longest, found.public, found.name) == ({"stitch"}, 300, True, "tiktok")
    empty = creator.creator_of({"privacy_level_options": None, "max_video_post_duration_sec": "x"})
    assert (empty.levels, empty.longest, empty.off) == ((), 0, frozenset())


@pytest.mark.parametrize(
    ("options", "seconds", "field", "reason"),
    [
        ({"privacy": "FOLLOWER_OF_CREATOR"}, 12, "options.privacy", "privacy_not_offered"),
        ({"allow_stitch": "yes"}, 12, "options.allow_stitch", "interaction_off"),
        ({}, 301, "media.0", "longer_than_account"),
    ],
)
def test_what_the_account_does_not_take_now_is_refused(known, clip, film, options, seconds, field, reason):
    found = creator.creator_of(known["creator"]["data"])
    with pytest.raises(Rejected) as caught:
        creator.refuse(found, clip(media=film(duration=seconds), **options))
    assert (caught.value.field, caught.value.reason) == (field, reason)
    creator.refuse(found, clip(media=film(duration=300.3), allow_comment="yes"))


async def test_the_newest_answer_counts_right_before_sending(at_work, clip, monkeypatch):
    """The account was made private after it was connected."""
    there = await at_work("tiktok")
    told = creator.creator_of
    monkeypatch.setattr(creator, "creator_of", lambda body: replace(told(body), levels=("SELF_ONLY",)))
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, clip())
    assert caught.value.reason == "privacy_not_offered"
    assert not any("/init/" in seen.path for seen in there.faults.seen)


async def test_a_public_post_waits_for_its_id(at_work, clip):
    there, duty = await at_work("tiktok"), clip()
    first = await publishing.publish(there.session, duty)
    states = []
    for _ in range(4):
        known = stands.known_of(first.handle)
        states.append(bool(known.done))
        first = await publishing.follow(there.session, replace(duty, handle=first.handle, media=()))
        if isinstance(first, Published):
            break
    assert states == [False, False, True]
    assert first.remote_id == there.platform.posts()[0].id


async def test_moderation_that_lasts_is_not_waited_for(at_work, clip):
    """It is live for its maker: after ten minutes it is called so, under its number."""
    there = await at_work("tiktok")
    told = stands.Told("PUBLISH_COMPLETE")
    now = Known("v_pub_file~v2-1.7", at=clock.now().isoformat())
    waiting = stands.outcome(there.session, clip(), now, told)
    assert isinstance(waiting, Processing)
    since = replace(now, done=(clock.now() - timedelta(minutes=11)).isoformat())
    assert stands.outcome(there.session, clip(), since, told) == Published("v_pub_file~v2-1.7")


@pytest.mark.parametrize("level", ["SELF_ONLY", "MUTUAL_FOLLOW_FRIENDS"])
async def test_what_not_everybody_sees_has_its_number_for_an_id(at_work, clip, through, level):
    there = await at_work("tiktok")
    done, known = await through(there.session, clip(privacy=level))
    assert done == Published(stands.known_of(known.handle).publish)
    assert done.remote_id == there.platform.posts()[0].id


async def test_a_draft_waits_until_a_person_posts_it(at_work, clip, through):
    there = await at_work("tiktok")
    waiting, known = await through(there.session, clip(kind="draft"))
    assert (waiting.waits_for, waiting.handed_over) == ("finish_in_app", True)
    assert there.platform.posts() == []
    assert (await publishing.look_up(there.session, known)).waits_for == "finish_in_app"
    emulator.confirm(there.platform, waiting.handle)
    done = await publishing.follow(there.session, replace(known, handle=waiting.handle))
    assert done.remote_id == there.platform.posts()[0].id


async def test_a_draft_carries_its_file_alone_and_asks_for_no_choices(at_work, clip):
    there = await at_work("tiktok")
    assert drafting.film(clip(kind="draft"), {"source": "FILE_UPLOAD"}) == {
        "source_info": {"source": "FILE_UPLOAD"}
    }
    asked = len(there.faults.seen)
    await publishing.publish(there.session, clip(kind="draft"))
    assert not any("creator_info" in seen.path for seen in there.faults.seen[asked:])


async def test_five_drafts_wait_and_no_more(at_work, clip, through):
    there = await at_work("tiktok")
    for number in range(5):
        there.platform.memory["publishings"] = there.platform.memory.get("publishings", {}) | {
            f"v.{number}": {
                "account": "hien-ca-phe", "at": (clock.now() - timedelta(hours=1)).isoformat(), "draft": True,
                "status": "SEND_TO_USER_INBOX",
            }
        }  # fmt: skip
    with pytest.raises(RetryLater) as caught:
        await publishing.publish(there.session, clip(kind="draft"))
    assert (caught.value.reason, caught.value.after) == ("drafts_waiting", 3600)


async def test_photos_are_said_as_the_documents_say_them(photo, known):
    body = drafting.album(photo(auto_music="yes", allow_comment="yes"))
    assert sorted(body) == known["photos"]["body"]
    assert sorted(body["post_info"]) == known["photos"]["post_info"]
    assert sorted(body["source_info"]) == known["photos"]["source_info"]
    assert body["source_info"]["photo_images"] == [
        "https://tra.example/f/0.jpg",
        "https://tra.example/f/1.jpg",
    ]
    draft = drafting.album(photo(kind="photo_draft"))
    assert (draft["post_mode"], sorted(draft["post_info"])) == ("MEDIA_UPLOAD", ["description", "title"])


async def test_photos_come_from_a_verified_address_by_https(at_work, photo, through):
    there = await at_work("tiktok")
    plain = photo(base="http://tra.example/f/")
    assert (await refused(there, plain))[:2] == ("media", "domain_unverified")
    secure = replace(there.session, urls={**there.session.urls, "api": "https://open.example"})
    with pytest.raises(Rejected) as caught:
        drafting.check(secure, plain)
    assert (caught.value.field, caught.value.reason) == ("media", "https_only")
    there.platform.memory["verified"] = ["https://other.example/"]
    field, reason, _ = await refused(there, photo())
    assert (field, reason) == ("media", "domain_unverified")
    there.platform.memory["verified"] = ["https://tra.example/"]
    done, _ = await through(there.session, photo())
    assert done.url.endswith(f"/photo/{done.remote_id}")


async def test_photos_whose_answer_was_lost_are_never_said_to_be_absent(at_work, photo):
    there, duty = await at_work("tiktok"), photo()
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, duty)
    with pytest.raises(Ambiguous):
        await publishing.look_up(there.session, duty)
    assert drafting.MANIFEST.safety_for("creator", "photos") == "none"
    assert drafting.MANIFEST.safety_for("creator", "video") == "two_step"


async def test_a_consent_taken_back_while_it_was_worked_on(at_work, clip):
    there, duty = await at_work("tiktok"), clip()
    there.platform.memory["fails"] = "auth_removed"
    outcome = await publishing.publish(there.session, duty)
    with pytest.raises(GrantExpired) as caught:
        await publishing.follow(there.session, replace(duty, handle=outcome.handle, media=()))
    assert caught.value.reason == "app_removed"


def test_the_documented_failure_is_read(known):
    told = stands.told_of(known["failed"]["data"])
    assert told == stands.Told("FAILED", "picture_size_check_failed", (), 10000)


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"publish": ""}', "not json", '"v.1"'])
def test_a_handle_that_is_none(text):
    assert stands.known_of(text) is None
