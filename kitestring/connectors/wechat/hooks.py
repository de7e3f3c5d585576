"""What WeChat pushes to the account's server address: the challenge when it is saved, ends of jobs, messages, taps in the menu.

MASSSENDJOBFINISH and PUBLISHJOBFINISH name the job. What they say of how it went is not read: `follow` asks that. Followers'
messages come by a call and in no other way. They are taken in safe mode only: in plain mode the signature does not cover the
body, so they are acknowledged, that WeChat shows no error to the follower, and not kept. A tap is answered by the menu's own
words, which are no secret, in both modes.
"""

from __future__ import annotations

import json
import re

from kitestring.connectorkit.hooks import Door, Heard, Knock
from kitestring.connectors.wechat import letters, taps
from kitestring.connectors.wechat.sealing import opened, signed

# Read by pattern: nothing of a body that anybody may have written is given to an XML parser.
# A few spaces at most: what may be written before its signature is looked at must not cost more than reading it.
_FIELD = r"<{name}>\s{{0,9}}(?:<!\[CDATA\[)?\s{{0,9}}({value})\s{{0,9}}(?:\]\]>)?\s{{0,9}}</{name}>"
_EVENT = re.compile(_FIELD.format(name="Event", value=r"[A-Za-z_]{1,60}"))
_SEALED = re.compile(_FIELD.format(name="Encrypt", value=r"[A-Za-z0-9+/=]+"))
_JOBS = {
    "MASSSENDJOBFINISH": ("m", re.compile(_FIELD.format(name="(?i:msgid)", value=r"\d{1,20}"))),
    "PUBLISHJOBFINISH": ("p", re.compile(_FIELD.format(name="publish_id", value=r"\d{1,20}"))),
}
_ECHO = re.compile(r"[\x21-\x7e]{1,200}")


def verify(knock: Knock, door: Door) -> Heard | None:
    """By the signature over token, time and nonce; in safe mode over the sealed text too, which must be this account's."""
    asked, token = knock.query, door.secrets.get("token", "")
    moment = (token, asked.get("timestamp", ""), asked.get("nonce", ""))
    if not token:
        return None
    if knock.method == "GET":
        echo = asked.get("echostr", "")
        return Heard(echo) if signed(asked.get("signature", ""), *moment) and _ECHO.fullmatch(echo) else None
    text, letter = knock.body.decode("utf-8", "replace"), None
    safe = asked.get("encrypt_type") == "aes"
    if safe:
        found = _SEALED.search(text)
        if found is None or not signed(asked.get("msg_signature", ""), *moment, found[1]):
            return None
        try:
            text = opened(found[1], door.secrets.get("aes_key", ""), door.remote_id)
        except ValueError:
            return None
        letter = letters.letter(text)
    elif not signed(asked.get("signature", ""), *moment):
        return None
    if letter is not None:
        return Heard("success", messages=(letter,))
    if reply := taps.words(text, door.settings):
        nonce = asked.get("nonce", "")[:64]
        return Heard(taps.in_seal(reply, door.secrets, door.remote_id, nonce) if safe else reply)
    return Heard("success", _about(text))


def names(handle: str) -> tuple[str, ...]:
    """The job's number, once WeChat has given one."""
    done = json.loads(handle) if handle else {}
    if not isinstance(done, dict):
        return ()
    return tuple(
        f"{mark}{done[key]}" for mark, key in (("m", "msg_id"), ("p", "publish_id")) if done.get(key)
    )


def _about(text: str) -> tuple[str, ...]:
    event = _EVENT.search(text)
    mark, number = _JOBS.get(event[1].upper(), ("", None)) if event else ("", None)
    found = number.search(text) if number else None
    return (f"{mark}{found[1]}",) if found else ()
