"""One delivery's turn on its channel: everything before the call, the call, and what follows from its answer."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from kitestring.connectorkit.checking import check_rest
from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.registry import Connector
from kitestring.connectorkit.sequences import comes_apart
from kitestring.domains.channels.actions.renew import ask_renewal
from kitestring.domains.publishing.actions import call
from kitestring.domains.publishing.actions.by_word import begun_anew
from kitestring.domains.publishing.actions.claim import Claimed
from kitestring.domains.publishing.actions.close import Result
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.desks import Desk
from kitestring.domains.publishing.actions.outgoing import outgoing
from kitestring.domains.publishing.actions.pictures import Pictures
from kitestring.domains.publishing.queries.adopted import is_anothers
from kitestring.domains.publishing.rules import next_step, waiting
from kitestring.domains.publishing.rules.answers import Answer, Ended, Later, Live, Refused, Unclear
from kitestring.domains.publishing.rules.next_step import Next, Standing
from kitestring.domains.publishing.rules.sequence import in_sequence

log = logging.getLogger(__name__)


async def _send(line: call.Line, claimed: Claimed) -> Answer:
    # A part of a restored sequence may be out by a try we know nothing of, however often we tried it.
    return await call.send(line, first=claimed.attempts <= 1 and line.certain)


async def _look(line: call.Line, claimed: Claimed) -> Answer:
    return await call.look(line) if line.has_look_up else Unclear("no_look_up")


async def _follow(line: call.Line, claimed: Claimed) -> Answer:
    return await call.follow(line)


Speak = Callable[[call.Line, Claimed], Awaitable[Answer]]
_WAYS: Final[dict[str, tuple[Speak, Callable[[Answer, Standing], Next]]]] = {
    "sending": (_send, next_step.after_send),
    "unknown": (_look, next_step.after_look),
    "processing": (_follow, next_step.after_follow),
}


class Speaker:
    """Speaks for deliveries that stand in `source`; `lease` in seconds."""

    def __init__(self, source: str, lease: float) -> None:
        self.source = source
        self.lease = lease
        self.pictures = Pictures()
        self._speak, self._follows = _WAYS[source]

    async def one(self, claimed: Claimed, desk: Desk, begun: float) -> Result:
        """What came of it. `begun`: when it was taken, in the loop's time."""
        if desk.connector is None:
            return self._result(claimed, self._ours(Rejected("", "no_connector")), desk)
        answer = await self._ask(claimed, desk, desk.connector, begun)
        if isinstance(answer, Ended) and desk.session is not None and desk.connector.auth is not None:
            answer = await _renew(desk, answer)
        if isinstance(answer, Live) and (self.source == "unknown" or claimed.attempts > 1):
            answer = await _only_its_own(answer, claimed)
        return self._result(claimed, answer, desk)

    def not_begun(self, claimed: Claimed, desk: Desk | None) -> Result:
        """It was taken, and nothing was asked of the channel: anybody may take it again at once."""
        return self._result(claimed, Later("not_started", after=0.0), desk)

    async def _ask(self, claimed: Claimed, desk: Desk, connector: Connector, begun: float) -> Answer:
        """Ask once. What fails before the call has sent nothing; what `call` returns is the truth.

        Of what the channel was given already, a trouble of our own says nothing: it is asked about again later.
        """
        manifest, start_by = connector.manifest, begun + self.lease * waiting.START_BY
        try:
            if connector.publishing is None:
                return self._ours(Rejected("", "no_connector"))
            if desk.session is None:
                return self._ours(desk.trouble or RetryLater("not_started"))
            message = await self._message(claimed, desk, manifest, start_by)
            if message is None or asyncio.get_running_loop().time() > start_by:
                return Later("not_started")
            until = begun + self.lease * waiting.STOP_AT
            certain = claimed.backup_at is None
            safety = manifest.safety_for(desk.session.account_type, message.kind)
            word = partial(on_database, begun_anew, claimed, message, safety)
            line = call.Line(
                desk.session, connector.publishing, manifest, message, start_by, until, certain, word
            )
            return await self._speak(line, claimed)
        except ConnectorError as error:
            return self._ours(error)
        except Exception as error:
            log.exception("A delivery could not be begun.")
            return Later("not_started", f"{type(error).__name__}: {error}"[:500])

    async def _message(
        self, claimed: Claimed, desk: Desk, manifest: Manifest, start_by: float
    ) -> Outgoing | None:
        """What is to be said; None when its pictures were not ready in time."""
        carries = bool(claimed.payload.get("media")) and not claimed.part
        if self.source == "sending" and not claimed.part and claimed.attempts <= 1:
            check_rest(manifest, desk.account.own_limits, comes_apart(claimed.payload))
        if self.source == "unknown" and carries:
            return await on_database(outgoing, claimed, desk.account, manifest, files=False, kept=True)
        if self.source != "sending" or not carries:
            return outgoing(claimed, desk.account, manifest, files=False)
        if not await self.pictures.prepare(claimed, desk.account, manifest, start_by):
            return None
        return await on_database(outgoing, claimed, desk.account, manifest)

    def _ours(self, error: ConnectorError) -> Answer:
        """A trouble from before the call: it ends a sending, but is no word of the channel's on what it was given."""
        answer = call.from_error(error)
        if self.source != "sending" and isinstance(answer, Refused | Unclear):
            return Later(answer.reason, answer.said, answer.params)
        return answer

    def _result(self, claimed: Claimed, answer: Answer, desk: Desk | None) -> Result:
        manifest = desk.manifest if desk else None
        deadline = manifest.processing_deadline.seconds if manifest and manifest.processing_deadline else None
        settle = None
        if desk is not None and manifest is not None and manifest.settle:
            kind = "reply" if claimed.part else claimed.publish_kind
            looks = manifest.safety_for(desk.account.account_type, kind) != "none"
            settle = manifest.settle.seconds if looks else None
        standing = Standing(
            attempts=claimed.attempts,
            unclear=claimed.unclear,
            in_doubt=claimed.in_doubt,
            restored=next_step.restored(claimed.backup_at),
            settle=settle,
            deadline=claimed.deadline,
            chance=random.random(),  # noqa: S311 - jitter, not a secret
        )
        return Result(
            claimed.id,
            claimed.account_id,
            claimed.attempt,
            self.source,
            in_sequence(
                self._follows(answer, standing), claimed.part, claimed.parts, restored=standing.restored
            ),
            deadline or waiting.PROCESSING_DEADLINE,
            claimed.part,
            claimed.parts,
        )


async def _only_its_own(live: Live, claimed: Claimed) -> Answer:
    """A look goes by the words where the channel has nothing better. What another delivery of the account has already is not
    taken for this one: the same words twice are two posts, and one of them may be missing."""
    if await on_database(is_anothers, claimed.account_id, live.remote_id, claimed.id, claimed.part):
        return Unclear("anothers")
    return live


async def _renew(desk: Desk, ended: Ended) -> Answer:
    """A grant that ended before its time may still be renewable, or somebody renewed it meanwhile, or the account was
    connected anew: whoever holds the grant finds out. Only the channel's no to that is the end of it."""
    try:
        await on_database(ask_renewal, desk.account, refused=ended.reason, said=ended.said)
    except Exception:
        # Its next try asks again. What is in the air beside it must not fall with it.
        log.exception("The renewal of account %s could not be asked for.", desk.account.pk)
    return Later("grant_renewing", ended.said)
