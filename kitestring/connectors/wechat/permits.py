"""What an account may do: WeChat is asked, interface by interface, since no call tells an account's type or verification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.wechat.client import MANIFEST, App, today
from kitestring.kit import clock

Permits = dict[str, bool | str]
# Of these at least one is granted to every verified account, and none to another.
OF_VERIFIED: Final = ("mass_send", "publish", "metrics")
# Deeds of the comments interfaces: who has these has those.
WITH_COMMENTS: Final = ("moderate", "remove")
BLOCKED: Final = "interface_blocked"
_CLOSED: Final = frozenset({"not_permitted", "no_comments_here"})


def by_type(kind: str) -> Mapping[str, str]:
    """What this type of account cannot do, and the sentence that says why."""
    return next((one.cannot for one in MANIFEST.account_types if one.key == kind), {})


async def found(caller: App, kind: str) -> Permits:
    """Each power: True, or the sentence that says why not; first by the account's type, then by asking."""
    cannot = by_type(kind)
    may = {
        power: cannot.get(power) or await _allows(caller, power, *probe) for power, probe in _probes().items()
    }
    return may | dict.fromkeys(WITH_COMMENTS, may["comments"])


async def asked(caller: App) -> Permits:
    """The same by asking alone, whatever type a person said the account is of."""
    return {power: await _allows(caller, power, *probe) for power, probe in _probes().items()}


def _probes() -> dict[str, tuple[str, dict[str, Any] | None]]:
    """Calls that change nothing; who may ask is refused for another reason at most (no such article)."""
    yesterday = today(clock.now() - timedelta(days=1))
    return {
        "mass_send": ("/cgi-bin/message/mass/speed/get", {}),
        "publish": ("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1, "no_content": 1}),
        "comments": (
            "/cgi-bin/comment/list",
            {"msg_data_id": 1, "index": 0, "begin": 0, "count": 1, "type": 0},
        ),
        # To nobody, and it only takes a sign of typing back: no words can go out by it.
        "messages": ("/cgi-bin/message/custom/typing", {"touser": "nobody", "command": "CancelTyping"}),
        "metrics": ("/datacube/getarticletotaldetail", {"begin_date": yesterday, "end_date": yesterday}),
        "menus": ("/cgi-bin/menu/get", None),
        "tags": ("/cgi-bin/tags/get", None),
        "templates": ("/cgi-bin/template/get_all_private_template", None),
    }


async def _allows(caller: App, power: str, path: str, payload: Mapping[str, Any] | None) -> bool | str:
    try:
        await caller.call(path, payload)
    except Rejected as error:
        if error.reason == BLOCKED:
            return error.reason
        if error.reason in _CLOSED:
            return "no_comments_here" if power == "comments" else "not_permitted"
    except RetryLater as error:
        # Used up for today, so it is granted.
        if error.reason != "api_quota":
            raise
    return True
