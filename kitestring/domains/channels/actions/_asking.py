"""Asks a channel something while a person waits for the page: its outcomes as refusals in that person's words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.sentences import sentence
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.channels.sessions import talk
from kitestring.kit.refusals import Refusal

T = TypeVar("T")
# Of these the channel's own words say more than ours.
ITS_OWN: Final = frozenset({"refused", "unknown", "menu_refused"})


def asked(
    of: Account, language: str, call: Callable[[Session], Awaitable[T]], *, unheard: str = "menu_unheard"
) -> T:
    """What the channel gave. Raises Refusal; `unheard` is the sentence for an answer to a write that was lost."""
    try:
        return talk(of, call)
    except ConnectorError as error:
        manifest = registry.get(of.channel).manifest
        reason = unheard if isinstance(error, Ambiguous) else error.reason
        said = worded(reason, manifest, language, error.params)
        if error.said and reason in ITS_OWN:
            said = _("%(sentence)s It said: “%(said)s”") % {"sentence": said, "said": error.said}
        raise Refusal(said, reason=reason) from error


def worded(
    reason: str, manifest: Manifest, language: str, params: Mapping[str, str | int] | None = None
) -> str:
    return sentence(reason, params, language, manifest)


def refuse_unconnected(of: Account) -> None:
    if of.state != AccountState.CONNECTED:
        said = _("%(name)s has to be connected again before this can be read or changed.")
        raise Refusal(said % {"name": of.name}, reason="not_connected")
