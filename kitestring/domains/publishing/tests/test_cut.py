"""What was cut at the end of its lease does not go out afterwards: not against a person's word, and not a second time."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from kitestring.connectorkit.emulation import serve
from kitestring.domains.publishing.actions.deliver import ask_around, drain
from kitestring.domains.publishing.actions.settle_by_person import give_up, say_not_live
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour import emulator
from kitestring.kit.http.tests.gate import Gate

LEASE = 1.0
WORDS = {"give up": (give_up, 0), "send again": (say_not_live, 1)}


async def _pass_on(gate: Gate, there: str) -> None:
    """Everything that comes through the gate goes on to the channel, and its answer back."""
    while True:
        inside = await gate.next()
        reader, writer = await asyncio.open_connection(sock=inside)
        host, port = urlsplit(there).hostname, urlsplit(there).port
        answers, questions = await asyncio.open_connection(host, port)
        await asyncio.gather(_pump(reader, questions), _pump(answers, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65536):
        writer.write(piece)
        await writer.drain()
    writer.close()


@pytest.mark.parametrize("word", WORDS)
def test_what_was_cut_is_over(harbour: Harbour, word: str) -> None:
    delivery = harbour.delivery(account=harbour.account("none"))
    say, copies = WORDS[word]
    gate = Gate()

    async def story() -> None:
        async with serve(emulator.build(harbour.platform, faults=harbour.faults)) as there:
            harbour.settings.CHANNEL_URLS = {"harbour-none": {"api": f"http://127.0.0.1:{gate.port}"}}
            await drain(lease=LEASE)  # nobody takes the connection: it is cut
            await ask_around()  # and cannot be looked up: a person is asked
            row = await sync_to_async(Delivery.objects.select_related("account__brand").get)(pk=delivery.pk)
            assert (row.state, harbour.copies(delivery)) == ("needs_attention", 0)
            await sync_to_async(say)(harbour.world.manager, row)
            gate.open()
            passing = asyncio.create_task(_pass_on(gate, there))
            await drain()
            await asyncio.sleep(3)
            passing.cancel()

    async_to_sync(story)()
    gate.close()
    assert harbour.copies(delivery) == copies
