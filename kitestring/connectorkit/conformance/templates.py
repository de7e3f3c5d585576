"""A message of a fixed form reaches a person whom words of our own no longer reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.conformance.reading import QUESTION
from kitestring.connectorkit.conformance.tending import _came
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.templates import options_of


async def a_template_goes_out_when_words_do_not(bench: Bench) -> None:
    """After the reply window it arrives with its blanks filled in, in that person's talk, once; an empty blank is refused."""
    templates, window = bench.connector.templates, bench.manifest.message_window
    if templates is None:
        raise Nonconforming("[templates] and templates.py go together")
    async with bench.session() as session:
        written = bench.platform.message(session.remote_id, "lan-anh", "Lan Anh", QUESTION)
        came, _cursor = await _came(bench, session, "")
        asked = next(one for one in came if one.kind == "message" and not one.own)
        template = (await templates.listed(session))[0]
        expect(template.key and template.title and template.blanks, f"what is to be filled in? {template}")
        bench.moved += timedelta(hours=(window.hours or 0) + 1 if window else 1)
        values = {one.key: f"{place}" for place, one in enumerate(template.blanks, 4711)}
        duty = samples.outgoing(bench.manifest.kind("message"), bench.folder, text="…", pictures=0)
        duty = replace(
            duty,
            text=template.filled(values),
            reply_to=asked.remote_id,
            root=asked.thread,
            options=options_of(template.key, values),
        )
        if window and window.hours:
            # A duty of its own: words, to see that the channel refuses them by now.
            words = samples.outgoing(bench.manifest.kind("message"), bench.folder, text="Dạ.", pictures=0)
            words = replace(words, reply_to=asked.remote_id, root=asked.thread)
            await bench.raises(Rejected, bench.publish(session, words))
        empty = replace(duty, options=options_of(template.key, dict.fromkeys(values, " ")))
        await bench.raises(Rejected, bench.publish(session, empty))
        before = len(bench.platform.talk(written.root))
        done = await bench.publish(session, duty)
        talk = bench.platform.talk(written.root)
        expect(done.remote_id and len(talk) == before + 1, f"{len(talk) - before} messages for one template")
        expect(all(value in talk[-1].text for value in values.values()), f"arrived as {talk[-1].text!r}")
