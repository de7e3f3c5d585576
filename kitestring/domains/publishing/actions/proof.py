"""The address a person pastes as the proof that a post is live: tidied, and refused where it does not lie on the channel."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.proof import hosts_of_posts, on_hosts
from kitestring.domains.publishing.rules.telling import manifest_of
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean

# An app's "copy link" often puts a sentence around the address, with no space before its comma; people put it in
# brackets or quotes. None of these signs stands bare in an address; a full-width sign (U+FF01 to FF65) never does.
SIGNS: Final = r"[^\s<>\"“”‘’«»„‚‹›…—、。〈-】〔-〟！-･]"
LINK: Final = re.compile(rf"https?://{SIGNS}+", re.IGNORECASE)
# The same without its scheme, as some apps show it: told from an abbreviation by its slash.
BARE: Final = re.compile(
    rf"(?<![\w@./:-])(?:[a-z0-9-]{{1,63}}\.){{1,6}}[a-z]{{2,20}}/{SIGNS}*", re.IGNORECASE
)
HAN: Final = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff]")
TAIL: Final = ".,;:!?'*`|"
PAIRS: Final = {")": "(", "]": "[", "}": "{"}
LONGEST: Final = 1000
LOOKED_AT: Final = 20  # addresses of one pasted text


def proof(delivery: Delivery, url: str) -> str:
    """The tidy address. Raises Refusal beside the field `url` when it is none, or does not lie on the delivery's channel.

    Of a pasted text it is the first address that lies there; a person may paste all that the app copied.
    """
    hosts = proof_hosts(delivery)
    if not hosts:
        return web_address(url)
    manifest = manifest_of(delivery.account.channel)
    glued = manifest is not None and manifest.hand_off is not None
    found = _addresses(url, glued=glued)
    there = next((one for one in [*found, *_without_scheme(url, glued=glued)] if on_hosts(one, hosts)), None)
    if there is not None:
        return there
    if not found:
        raise Refusal(_no_address(), field="url")
    raise Refusal(_elsewhere(len(found), hosts), field="url")


def _elsewhere(count: int, hosts: tuple[str, ...]) -> str:
    if count == 1:
        said = _(
            "That address does not lie on %(hosts)s. Nothing was changed: share the post there and paste its link."
        )
    else:
        said = _(
            "None of the addresses in it lies on %(hosts)s. Nothing was changed: share the post there and paste its link."
        )
    return said % {"hosts": _(", ").join(hosts)}


def _no_address() -> str:
    return _("That is not a web address. Nothing was changed: copy the post’s link and paste it here.")


def proof_hosts(delivery: Delivery) -> tuple[str, ...]:
    """Where the proof must lie; empty when nobody said, or the channel's connector is gone."""
    account = delivery.account
    manifest = manifest_of(account.channel)
    configured = settings.CHANNEL_URLS.get(account.channel) or {}
    return hosts_of_posts(manifest, account.handle, account.urls, configured) if manifest else ()


def web_address(url: str) -> str:
    """A tidy http(s) address, also out of the words an app copies around it. Raises Refusal beside the field `url`."""
    found = _addresses(url, most=1)
    if not found:
        raise Refusal(_no_address(), field="url")
    return found[0]


def _addresses(pasted: str, *, glued: bool = False, most: int = LOOKED_AT) -> list[str]:
    """The web addresses in a text, in order, each tidy. `glued`: Chinese words may stick to their end."""
    found = islice(LINK.finditer(clean(pasted)), most)
    return [tidy for one in found if (tidy := _tidy(one.group(), glued))]


def _without_scheme(pasted: str, *, glued: bool) -> Iterator[str]:
    for one in islice(BARE.finditer(clean(pasted)), LOOKED_AT):
        if tidy := _tidy(f"https://{one.group()}", glued):
            yield tidy


def _tidy(raw: str, glued: bool) -> str:
    """The address without the sentence around it; "" where it is none, or reads two ways."""
    if glued and (words := HAN.search(raw)):
        raw = raw[: words.start()]
    if len(raw) > 2 * LONGEST:
        return ""
    tidy = _bare(raw)
    try:
        parts = urlsplit(tidy) if len(tidy) <= LONGEST else None
    except ValueError:  # a bracket that never closes
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return "" if _reads_two_ways(tidy, parts.netloc) else tidy


def _reads_two_ways(address: str, netloc: str) -> bool:
    """A browser takes a backslash for a slash and drops what cannot be seen, and what stands before an "@" looks like the host:
    the page opened would be another one than was asked about.
    """
    unseen = any(unicodedata.category(sign) == "Cc" for sign in address)
    return unseen or "\\" in address or "@" in netloc or any(map(_formats, netloc))


def _formats(sign: str) -> bool:
    """It joins or turns letters and is not seen itself: in a path of some scripts it has its place, in a host none."""
    return unicodedata.category(sign) == "Cf"


def _bare(address: str) -> str:
    """Without the sentence's own signs at its end: a closing bracket belongs to the address only if it opens there."""
    while address:
        last = address[-1]
        closes = last in PAIRS and address.count(last) > address.count(PAIRS[last])
        if last not in TAIL and not closes and not _formats(last):
            break
        address = address[:-1]
    return address
