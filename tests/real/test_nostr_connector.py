"""The Nostr connector against a real relay; what people say there is signed and sent by another program."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from kitestring.connectorkit import registry, sessions
from kitestring.connectorkit.contract import Connected, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.nostr import bech32
from kitestring.connectors.nostr.client import everywhere, relays
from kitestring.connectors.nostr.events import Key
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.sandbox.real.nostr import NostrRelay

CONNECTOR = registry.get("nostr")


@dataclass
class There:
    relay: NostrRelay
    session: Session
    connected: Connected


@pytest.fixture
async def there(nostr_relay: NostrRelay) -> AsyncIterator[There]:
    """An account with a key that nobody used before."""
    typed = {"url": nostr_relay.url, "key": bech32.encode("nsec", uuid7().bytes + uuid7().bytes)}
    async with sessions.connecting(CONNECTOR.manifest, typed, allow_loopback=True) as (http, urls):
        connected = await CONNECTOR.auth.connect(http, urls, typed)
    async with sessions.session(
        CONNECTOR.manifest,
        connected.grant,
        remote_id=connected.remote_id,
        handle=connected.handle,
        settings=connected.settings,
        allow_loopback=True,
    ) as session:
        yield There(nostr_relay, session, connected)


def _duty(kind: str, text: str, **more: Any) -> Outgoing:
    return Outgoing(uuid7(), clock.now(), kind, text, **more)


async def _published(session: Session, duty: Outgoing) -> tuple[Outgoing, Published]:
    """As the ledger does: what was fixed is kept, then sent."""
    step = await CONNECTOR.publishing.publish(session, duty)
    assert isinstance(step, Processing)
    assert not step.handed_over
    known = replace(duty, handle=step.handle)
    done = await CONNECTOR.publishing.follow(session, known)
    assert isinstance(done, Published)
    return known, done


async def test_a_note_is_found_once_however_often_it_is_sent(there: There) -> None:
    """Another program finds it soundly signed; sent again it is the same; looked for without what was fixed, it is found."""
    duty, done = await _published(
        there.session, _duty("post", "Trà sen 🍵 新茶\n#TràSen https://vidu.example", language="vi")
    )
    again = await CONNECTOR.publishing.follow(there.session, duty)
    assert again == done
    found = there.relay.visitor("linh").read(authors=[there.connected.remote_id], kinds=[1])
    assert [event["id"] for event in found] == [done.remote_id]
    assert found[0]["content"] == duty.text
    assert ["t", "tràsen"] in found[0]["tags"]
    assert await CONNECTOR.publishing.look_up(there.session, replace(duty, handle="")) == done
    assert await CONNECTOR.publishing.look_up(there.session, _duty("post", duty.text)) is None


async def test_a_thread_and_what_people_say_and_like(there: There) -> None:
    _, head = await _published(there.session, _duty("post", "Một"))
    _, part = await _published(
        there.session, _duty("reply", "Hai", reply_to=head.remote_id, root=head.remote_id)
    )
    people = there.relay.visitor("linh")
    marks = [
        ["e", head.remote_id, "", "root"],
        ["e", part.remote_id, "", "reply"],
        ["p", there.connected.remote_id],
    ]
    asked = people.send(1, "Mấy giờ mở cửa? 几点开门？", marks)
    assert asked.told[0][2] is True
    people.send(7, "+", [["e", head.remote_id], ["p", there.connected.remote_id]])
    people.send(7, "-", [["e", head.remote_id]])
    people.send(6, "", [["e", head.remote_id], ["p", there.connected.remote_id]])
    people.send(1, "Ghé quán này đi", [["p", there.connected.remote_id]])

    page = await CONNECTOR.inbox.fetch(there.session, [head.remote_id], "")
    told = {message.text: message for message in page.messages}
    question = told["Mấy giờ mở cửa? 几点开门？"]
    assert (question.post_remote_id, question.parent_id) == (head.remote_id, part.remote_id)
    assert question.author_id == asked.pubkey
    assert told["Hai"].own
    assert told["Ghé quán này đi"].kind == "mention"
    later = await CONNECTOR.inbox.fetch(there.session, [head.remote_id], page.cursor)
    assert not later.messages

    _, answer = await _published(
        there.session, _duty("reply", "Từ 7 giờ ạ", reply_to=question.remote_id, root=head.remote_id)
    )
    [shown] = people.read(ids=[answer.remote_id])
    assert ["e", question.remote_id, "", "reply", asked.pubkey] in shown["tags"]
    assert ["p", asked.pubkey] in shown["tags"]
    readings = {r.metric: r.value for r in await CONNECTOR.metrics.read(there.session, [head.remote_id])}
    assert readings == {"likes": 1.0, "replies": 1.0, "reposts": 1.0, "quotes": 0.0}


async def test_our_like_and_its_end(there: There) -> None:
    people = there.relay.visitor("minh")
    said = people.send(1, "Ngon quá", [["p", there.connected.remote_id]]).sent[0]
    for wanted in (True, True, False, False):
        await CONNECTOR.moderation.like(there.session, said["id"], wanted)
        found = people.read(kinds=[7], authors=[there.connected.remote_id])
        assert len(found) == int(wanted)


async def test_an_article_is_read_whole(there: There) -> None:
    duty = _duty("article", "# Trà\n\n**Sen** tháng sáu", title="Trà sen 新茶", options={"summary": "Ngắn"})
    _, done = await _published(there.session, duty)
    [shown] = there.relay.visitor("ha").read(ids=[done.remote_id])
    assert shown["kind"] == 30023
    assert {"title": "Trà sen 新茶", "summary": "Ngắn"}.items() <= {t[0]: t[1] for t in shown["tags"]}.items()


async def test_what_is_taken_back_is_gone(there: There) -> None:
    _, done = await _published(there.session, _duty("post", "Nhầm"))
    await CONNECTOR.publishing.withdraw(there.session, done.remote_id)
    await CONNECTOR.publishing.withdraw(there.session, done.remote_id)
    assert not there.relay.visitor("ha").read(ids=[done.remote_id])
    readings = await CONNECTOR.metrics.read(there.session, [done.remote_id])
    assert {(r.value, r.why) for r in readings} == {(None, "not_there")}


async def test_a_bad_signature_is_refused(there: There) -> None:
    """By the relay's own word, ours and a stranger's."""
    forged = there.relay.visitor("linh").send(1, "Giả", forge=True)
    assert forged.told[0][2] is False
    sound = Key("7" * 64).sign(1, "Thật", [], int(clock.now().timestamp()))
    bad = dataclasses.replace(sound, sig="00" * 64)
    [(_, said)] = await everywhere(relays(there.session), lambda line: line.tell(bad))
    assert isinstance(said, Rejected)
    assert (said.reason, "signature" in said.said.lower()) == ("event_invalid", True)


async def test_what_was_told_outlives_a_restart(there: There) -> None:
    duty, done = await _published(there.session, _duty("post", "Còn mãi"))
    there.relay.restart()
    assert await CONNECTOR.publishing.look_up(there.session, replace(duty, handle="")) == done
    assert await CONNECTOR.publishing.follow(there.session, duty) == done
    assert len(there.relay.visitor("ha").read(authors=[there.connected.remote_id])) == 1
    examined = await CONNECTOR.diagnostics.examine(there.session)
    assert {finding.state for finding in examined.findings} <= {"good", "warning"}
