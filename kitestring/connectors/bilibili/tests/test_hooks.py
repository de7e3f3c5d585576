"""What Bilibili posts to the app's address is taken only with its signature, and names whose it is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectors.bilibili import emulator, hooks, publishing

OURS = "9205eeaa1879skxys969ed47874f225c3"
DOOR = AppDoor({}, {"client_secret": "s3cret"})


def knock(body, secret="s3cret", **more):  # noqa: S107 - a secret of this test
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sign = hashlib.sha1(secret.encode() + raw).hexdigest()  # noqa: S324 - the channel’s own choice
    return replace(Knock("POST", {}, {"x-bilibili-signature": sign}, raw), **more)


def test_the_signature_is_that_of_an_independent_reckoning(answers):
    told = answers["push"]
    assert hooks._genuine(told["signature"], told["body"].encode(), told["secret"])
    assert not hooks._genuine(told["signature"], told["body"].encode(), "")


@pytest.mark.parametrize("event", ["video_open", "video_fail"])
def test_the_end_of_a_review_names_the_video(answers, event):
    body = {**answers["video_open"]["body"], "event": event}
    heard = hooks.hear(knock(body), DOOR)
    assert heard == Rung("", (Ring(OURS, about=("BV1S9L90H082",)),))
    assert set(heard.rings[0].about) & set(hooks.names('{"id": "BV1S9L90H082"}'))


def test_what_is_of_another_account_or_of_nothing_is_acknowledged_only(answers):
    body = answers["video_open"]["body"]
    elsewhere = {**body, "content": {**body["content"], "openid": "another"}}
    assert [ring.remote_id for ring in hooks.hear(knock(elsewhere), DOOR).rings] == ["another"]
    for event in ("authorize", "deauthorize", "video_of_tomorrow"):
        assert hooks.hear(knock({**body, "event": event}), DOOR) == Rung()
    assert hooks.hear(knock({"event": "video_open", "content": None}), DOOR) == Rung()


def test_an_address_is_tried_and_its_number_said_back(answers):
    told = answers["verify"]
    unsigned = Knock("POST", {}, {}, json.dumps(told["body"]).encode())
    for one, signed in ((knock(told["body"]), True), (unsigned, False)):
        heard = hooks.hear(one, DOOR)
        assert heard.signed is signed
        assert json.loads(heard.answer) == told["answer"]
        assert heard.rings == ()
    for wrong in ("<script>", True, None, [1]):
        assert hooks.hear(knock({"event": "verify_webhooks", "content": {"data": wrong}}), DOOR) is None


def test_what_is_not_surely_from_bilibili_is_nothing(answers):
    body = answers["video_open"]["body"]
    good = knock(body)
    raw = json.dumps(body).encode()
    assert hooks.hear(knock(body, "another"), DOOR) is None
    assert hooks.hear(replace(good, body=raw.replace(b"open", b"fail")), DOOR) is None
    assert hooks.hear(Knock("POST", {}, {}, raw), DOOR) is None
    assert hooks.hear(replace(good, method="GET"), DOOR) is None
    assert hooks.hear(good, replace(DOOR, keys={"client_secret": ""})) is None
    assert hooks.hear(knock(b"not json"), DOOR) is None
    assert hooks.hear(knock(b"[" * 100_000), DOOR) is None
    assert hooks.hear(knock(answers["verify"]["body"], "another"), DOOR) is None


def test_articles_and_what_was_not_submitted_have_no_name():
    assert (
        hooks.names("") == hooks.names('{"token": "t", "before": []}') == hooks.names('{"id": "cv12"}') == ()
    )


async def test_the_emulator_tells_each_end_once(at_work, clip, through):
    bench = await at_work("bilibili")
    bench.platform.memory["refusing"] = "画面含二维码"
    known = clip()
    known = replace(known, handle=(await publishing.publish(bench.session, known)).handle)
    known = replace(known, handle=(await publishing.follow(bench.session, known)).handle)
    door = AppDoor({}, {"client_secret": bench.session.app["client_secret"]})
    [pushed] = emulator.pushes(bench.platform, {})
    assert json.loads(pushed.body)["event"] == "video_fail"
    assert hooks.hear(pushed, door).rings == (Ring(bench.session.remote_id, hooks.names(known.handle)),)
    assert emulator.pushes(bench.platform, {}) == []
    assert json.loads(hooks.hear(emulator.challenge(bench.platform, {}), door).answer)["data"]
