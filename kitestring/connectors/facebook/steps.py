"""What each way of publishing here offers: laying down unseen, telling how it stands, and going on from there."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, Literal, Protocol

from kitestring.connectorkit.contract import Outcome, Outgoing, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired
from kitestring.providers.meta.graph import Graph


class _Mark(Enum):
    GONE = "gone"


GONE: Final = _Mark.GONE
# None: it is there and not live. GONE: Facebook knows nothing of it any more.
State = Outcome | Literal[_Mark.GONE] | None


class Step(Protocol):
    """A module: `make` what nobody sees yet (what it returns is stored), ask its `state`, `go_on` towards being live."""

    async def make(self, session: Session, graph: Graph, outgoing: Outgoing) -> dict[str, Any]: ...

    async def state(self, session: Session, graph: Graph, done: dict[str, Any]) -> State: ...

    async def go_on(
        self, session: Session, graph: Graph, done: dict[str, Any], outgoing: Outgoing
    ) -> Outcome: ...


async def address(session: Session, graph: Graph, object_id: str) -> str:
    """Where a person sees it; "" when that cannot be asked just now: what is live is live."""
    try:
        body = await graph.get(object_id, fields="permalink_url")
    except GrantExpired:
        raise
    except ConnectorError:
        return ""
    return absolute(session, str(body.get("permalink_url") or ""))


def absolute(session: Session, told: str) -> str:
    """Addresses of videos are told without their host."""
    return f"{session.urls.get('web', '')}{told}" if told.startswith("/") else told
