"""One call to a channel that may be made twice: what is unclear is asked again, and the answer is told in words to keep."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import talk
from kitestring.domains.publishing.rules.waiting import backoff
from kitestring.kit.text import storable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """What the channel answered; `reason` "": it is done. `after`: it may be asked again so many seconds later.

    `ended`: the account's grant has ended. `unclear`: it may be done there all the same.
    """

    reason: str = ""
    said: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    after: float | None = None
    ended: bool = False
    unclear: bool = False


def ask_channel(account: Account, call: Callable[[Session], Awaitable[Any]], number: int) -> Told:
    """Make the call, as try `number` (1, 2, ...). Only for what does no harm when it is done twice."""
    try:
        talk(account, call)
    except RetryLater as error:
        return _told(error, after=backoff(number, 0.5, error.after))
    except GrantExpired as error:
        return _told(error, ended=True)
    except Rejected as error:
        return _told(error)
    except ConnectorError as error:
        return _told(error, after=backoff(number, 0.5), unclear=True)
    except TimeoutError:
        return Told("no_answer", after=backoff(number, 0.5), unclear=True)
    except Exception as error:
        log.exception("A connector broke while it was asked for a change.")
        said = storable(f"{type(error).__name__}: {error}"[:500])
        return Told("connector_broke", said, after=backoff(number, 0.5), unclear=True)
    return Told()


def _told(
    error: ConnectorError, *, after: float | None = None, ended: bool = False, unclear: bool = False
) -> Told:
    return Told(error.reason[:60], storable(error.said), error.params, after, ended, unclear)
