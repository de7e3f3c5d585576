"""The address a person pastes as the proof that a post is live: tidied, and refused where it does not lie on the channel."""

from __future__ import annotations

import re
import unicodedata
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
LINK: Final = re.compile(r"https?://[^\s<>\"“”‘’«»„‚‹›…—、。〈-】〔-〟！-･]+", re.IGNORECASE)
TAIL: Final = ".,;:!?'*`|"
PAIRS: Final = {")": "(", "]": "[", "}": "{"}


def proof(delivery: Delivery, url: str) -> str:
    """The tidy address. Raises Refusal beside the field `url` when it is none, or does not lie on the delivery's channel."""
    tidy, hosts = web_address(url), proof_hosts(delivery)
    if hosts and not on_hosts(tidy, hosts):
        raise Refusal(
            _(
                "That address does not lie on %(hosts)s. Nothing was changed: share the post there and paste its link."
            )
            % {"hosts": ", ".join(hosts)},
            field="url",
        )
    return tidy


def proof_hosts(delivery: Delivery) -> tuple[str, ...]:
    """Where the proof must lie; empty when nobody said, or the channel's connector is gone."""
    account = delivery.account
    manifest = manifest_of(account.channel)
    configured = settings.CHANNEL_URLS.get(account.channel) or {}
    return hosts_of_posts(manifest, account.handle, account.urls, configured) if manifest else ()


def web_address(url: str) -> str:
    """A tidy http(s) address, also out of the words an app copies around it. Raises Refusal beside the field `url`."""
    tidy = clean(url)
    found = LINK.search(tidy)
    tidy = _bare(found.group()) if found else ""
    try:
        parts = urlsplit(tidy) if len(tidy) <= 1000 else None
    except ValueError:  # a bracket that never closes
        parts = None
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or _reads_two_ways(tidy, parts.netloc)
    ):
        raise Refusal(
            _("That is not a web address. Nothing was changed: copy the post’s link and paste it here."),
            field="url",
        )
    return tidy


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
