"""Template messages (模板消息): notices of a fixed form to one follower, whenever they wrote. Verified service accounts only.

WeChat takes a key of ours for ten minutes (`client_msg_id`), which is too short to ask by: a lost answer is a person's to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.templates import TEMPLATE, Blank, Template, values_of
from kitestring.connectors.wechat.client import App, app

LIST: Final = "/cgi-bin/template/get_all_private_template"
SEND: Final = "/cgi-bin/message/template/send"
# How long a value of a sort may be: the sort is what its name begins with. Told in others' code only.
LONGEST: Final = {"thing": 20, "character_string": 32, "const": 20, "phone_number": 17, "car_number": 8}
_BLANK: Final = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
_FIELD: Final = re.compile(r"data\.(\w+)\.value")


async def listed(session: Session) -> Sequence[Template]:
    """Those added on mp.weixin.qq.com; one with nothing to fill in is none that can be sent."""
    told = await app(session).call(LIST)
    found = [_template(row) for row in told.get("template_list") or () if isinstance(row, dict)]
    return [one for one in found if one.blanks]


def _template(row: dict[str, Any]) -> Template:
    content = str(row.get("content", ""))
    body = _BLANK.sub(lambda found: f"{{{{{found[1]}}}}}", content)
    blanks = tuple(dict.fromkeys(_blanks(content)))
    return Template(
        str(row.get("template_id", "")), str(row.get("title", "")), body, blanks, str(row.get("example", ""))
    )


def _blanks(content: str) -> Iterator[Blank]:
    """Each is called what stands before it in its line."""
    for line in content.splitlines():
        start = 0
        for found in _BLANK.finditer(line):
            label = line[start : found.start()].strip(" ：:，,") or found[1]
            sort = found[1].rstrip("0123456789")
            yield Blank(found[1], label, LONGEST.get(sort))
            start = found.end()


def check(outgoing: Outgoing) -> None:
    """Raises Rejected for an empty blank."""
    values_of(outgoing)


async def send(caller: App, outgoing: Outgoing) -> Published:
    payload: dict[str, Any] = {
        "touser": outgoing.root,
        "template_id": outgoing.options[TEMPLATE],
        "client_msg_id": outgoing.key.hex,
        "data": {key: {"value": value} for key, value in values_of(outgoing).items()},
    }
    try:
        told = await caller.call(SEND, payload, write=True)
    except Rejected as error:
        if error.reason == "template_field_refused" and (named := _FIELD.search(error.said)):
            raise Rejected(f"options.blank.{named[1]}", error.reason, said=error.said) from error
        raise
    return Published(f"{outgoing.root}:t{told.get('msgid', outgoing.key.hex)}")
