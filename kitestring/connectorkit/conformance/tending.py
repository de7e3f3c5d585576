"""More than comments: private messages, mentions, deeds on comments, changed words, the account's own numbers and health."""

from __future__ import annotations

from dataclasses import replace

from kitestring.connectorkit.conformance import calling, samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.conformance.garbled import never_absent
from kitestring.connectorkit.conformance.reading import QUESTION, inbox_of
from kitestring.connectorkit.contract import Incoming, Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import GrantExpired, RetryLater


async def messages_come_in_and_go_out(bench: Bench) -> None:
    """A private message is read once, says its thread, and an answer lands in that thread, once."""
    async with bench.session() as session:
        theirs = bench.platform.message(session.remote_id, "lan-anh", "Lan Anh", QUESTION).id
        came, cursor = await _came(bench, session, "")
        found = [m for m in came if m.kind == "message" and not m.own]
        expect([m.text for m in found] == [QUESTION], f"read as {[m.text for m in found]}")
        [asked] = found
        expect(asked.thread and asked.remote_id and asked.author_id, f"whose message is it? {asked}")
        duty = samples.outgoing(bench.manifest.kind("message"), bench.folder, text="Dạ còn ạ.", pictures=0)
        duty = replace(duty, reply_to=asked.remote_id, root=asked.thread)
        before = len(_ours(bench))
        done = await bench.publish(session, duty)
        ours = _ours(bench)
        expect(len(ours) == before + 1, f"{len(ours) - before} messages for one answer")
        item = bench.platform.items[_ours(bench)[-1]]
        # A channel that gives what it took no id says so there; the connector's own name for it is then as good.
        named = item.extra.get("unnamed") or item.id == done.remote_id
        expect(named and done.remote_id, f"the platform has no item {done.remote_id!r}")
        # Before the words may stand whom they are for, where a channel wants the reader named.
        expect(item.text.endswith(duty.text), "the words changed")
        expect(item.root == bench.platform.items[theirs].root, "it went elsewhere")
        if bench.looks_up_kind(session, "message"):
            await never_absent(bench, session, duty)
        later, _ = await _came(bench, session, cursor)
        alike = [m.text for m in later if not m.own and m.text == duty.text]
        expect(not alike, "our answer looks like theirs")


async def _came(bench: Bench, session: Session, cursor: str) -> tuple[list[Incoming], str]:
    """What came in since: asked for, and where the channel cannot be asked for messages, brought by its calls."""
    if bench.connector.inbox is None:
        return await calling.pushed(bench, session), cursor
    page = await inbox_of(bench).fetch(session, [], cursor)
    hooks = bench.manifest.hooks
    brought = await calling.pushed(bench, session) if hooks and "message" in hooks.only_so else []
    return [*page.messages, *brought], page.cursor


def _ours(bench: Bench) -> list[str]:
    return [i.id for i in bench.platform.items.values() if i.kind == "message" and i.author != "lan-anh"]


async def mentions_come_in(bench: Bench) -> None:
    """Who names the account elsewhere is read as a mention, with the words and the address."""
    async with bench.session() as session:
        first = await inbox_of(bench).fetch(session, [], "")
        bench.platform.mention(session.remote_id, "minh", "Minh", "Ghé quán này đi 快来")
        page = await inbox_of(bench).fetch(session, [], first.cursor)
        found = [m for m in page.messages if m.kind == "mention"]
        expect(len(found) == 1 and "Ghé quán này đi" in found[0].text, f"mentions: {found}")
        expect(not found[0].own and found[0].author_id, f"who names us? {found[0]}")


async def deeds_are_done(bench: Bench) -> None:
    """Hide, like, remove and approve do it there, are quiet when it is done already, and can be taken back."""
    async with bench.session() as session:
        moderation = bench.connector.moderation
        if moderation is None:
            raise Nonconforming("there is no moderation.py")
        for deed in bench.connector.deeds():
            asked = await _asked(bench, session)
            item = bench.platform.items[_item_id(bench, asked)]
            if deed == "hide":
                for wanted in (True, True, False):
                    await moderation.hide(session, asked.remote_id, wanted)
                    expect(bool(item.extra.get("hidden")) is wanted, f"hidden should be {wanted}")
            elif deed == "like":
                for wanted in (True, True, False):
                    await moderation.like(session, asked.remote_id, wanted)
                    expect(bool(item.extra.get("liked")) is wanted, f"liked should be {wanted}")
            elif deed == "remove":
                await moderation.remove(session, asked.remote_id)
                await moderation.remove(session, asked.remote_id)
                expect(item.id not in bench.platform.items, "it is still there")
            elif deed == "approve":
                item.extra["held"] = True
                await moderation.approve(session, asked.remote_id)
                await moderation.approve(session, asked.remote_id)
                expect(not item.extra.get("held"), "it is still held")
        for sort in ("mention", "message"):
            if "like" in bench.connector.deeds(sort):
                await _liked_elsewhere(bench, session, sort)


async def _liked_elsewhere(bench: Bench, session: Session, sort: str) -> None:
    """What is no answer to a post of ours is liked, and no more."""
    moderation = bench.connector.moderation
    if moderation is None:
        raise Nonconforming("there is no moderation.py")
    words = f"{QUESTION} {sort}"
    cursor = (await inbox_of(bench).fetch(session, [], "")).cursor
    told = bench.platform.mention if sort == "mention" else bench.platform.message
    told(session.remote_id, "lan-anh", "Lan Anh", words)
    page = await inbox_of(bench).fetch(session, [], cursor)
    asked = next(m for m in page.messages if m.kind == sort and words in m.text)
    item = next(i for i in reversed(bench.platform.items.values()) if words in i.text)
    for wanted in (True, True, False):
        await moderation.like(session, asked.remote_id, wanted)
        expect(bool(item.extra.get("liked")) is wanted, f"a {sort}: liked should be {wanted}")


async def _asked(bench: Bench, session: Session) -> Incoming:
    kind = bench.manifest.kinds_for(session.account_type)[0]
    done = await bench.publish(session, samples.outgoing(kind, bench.folder))
    bench.platform.comment(done.remote_id, "lan-anh", "Lan Anh", QUESTION)
    page = await inbox_of(bench).fetch(session, [done.remote_id], "")
    return next(m for m in page.messages if m.post_remote_id == done.remote_id and not m.own)


def _item_id(bench: Bench, asked: Incoming) -> str:
    """The platform's item behind a comment; vendors may name it longer ("post_comment", "chat:number")."""
    items = bench.platform.items
    if asked.remote_id in items:
        return asked.remote_id
    return next(i.id for i in reversed(items.values()) if i.text == QUESTION and i.parent)


async def words_are_changed(bench: Bench) -> None:
    """Words that are live are changed in place: the same item, nothing new beside it."""
    async with bench.session() as session:
        editing = bench.connector.editing
        if editing is None:
            raise Nonconforming("there is no editing.py")
        kind = bench.manifest.kinds_for(session.account_type)[0]
        duty = samples.outgoing(kind, bench.folder)
        done = await bench.publish(session, duty)
        live = len(bench.live())
        changed = await editing.edit(session, done.remote_id, replace(duty, text=f"{duty.text[:20]} sửa 改"))
        expect(changed.remote_id == done.remote_id, "changing the words gave it another id")
        expect("sửa 改" in bench.platform.items[done.remote_id].text, "the words are the old ones")
        expect(len(bench.live()) == live, "changing the words made another item")


async def the_account_has_numbers(bench: Bench) -> None:
    """Each number of the account is read from the field the manifest names; one not given is None with a reason."""
    async with bench.session() as session:
        numbers = bench.connector.account_numbers
        if numbers is None:
            raise Nonconforming("there is no metrics.py")
        facts = {fact.key: fact for fact in bench.manifest.account_metrics}
        for place, key in enumerate(facts):
            bench.platform.tell(session.remote_id, key, 40 + place)
        readings = {reading.metric: reading for reading in await numbers.account(session)}
        expect(set(readings) == set(facts), f"read {sorted(readings)}, stated {sorted(facts)}")
        for place, (key, fact) in enumerate(facts.items()):
            reading = readings[key]
            expect(reading.field == fact.field, f"{key}: from {reading.field!r}")
            expect(
                reading.value == 40 + place or (reading.value is None and reading.why), f"{key}: {reading}"
            )
        bench.faults.next(Fault("html"))
        await bench.raises(RetryLater, numbers.account(session))


async def health_is_told(bench: Bench) -> None:
    """A sound account has nothing bad; a revoked one is told in words; a channel that is down is "later"."""
    async with bench.session() as session:
        diagnostics = bench.connector.diagnostics
        if diagnostics is None:
            raise Nonconforming("there is no diagnostics.py")
        found = await diagnostics.examine(session)
        for finding in found.findings:
            bench.worded(finding.reason)
        bad = [finding for finding in found.findings if finding.state == "bad"]
        expect(not bad, f"a sound account is called ill: {bad}")
        listed = {o.choices_from for k in bench.manifest.kinds for o in k.options if o.choices_from}
        expect(listed <= set(found.settings), f"lists that are not read anew: {listed - set(found.settings)}")
        known = {quota.key for quota in bench.manifest.quotas}
        expect(set(found.left) <= known, f"quotas that the manifest does not know: {set(found.left) - known}")
        bench.faults.always(Fault("unauthorized"))
        try:
            ill = await diagnostics.examine(session)
        except GrantExpired as error:
            bench.worded(error.reason)
        else:
            expect(any(f.state == "bad" for f in ill.findings), "a revoked grant is not seen")
        bench.faults.clear()
        bench.faults.always(Fault("down"))
        await bench.raises(RetryLater, diagnostics.examine(session))
