"""From a call's outcome to the four outcomes the engine knows: the part that is the same on every channel.

A connector's `client.py` calls `send`, reads the vendor's own error bodies of 4xx answers itself, and asks
`settled` for the rest. `write` says whether the call could have put something live.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any, Final

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, FileGone, HostRefused, NoAnswer, NotJson, NotSent, TooLarge

# Where answers in JSON say for people what is wrong, the plainest first.
SENTENCES: Final = ("message", "error_description", "description", "detail", "errmsg", "error")


async def send(
    http: Client,
    method: str,
    url: str,
    *,
    write: bool,
    known: Callable[[Answer], None] | None = None,
    **more: Any,
) -> Answer:
    """The answer, whatever its status below 500 (429 aside). Keywords as in `Client.request`.

    `known` reads every answer first and raises what the vendor's own words mean (a wait told in the body, a 503
    that surely stored nothing).

    A 401 with a web page is nobody's word on the account: as a lost answer.
    Raises Rejected("url") when the guard refuses the address and Rejected("media") when a file is gone; RetryLater
    when nothing was sent or the channel is busy; for a lost answer or a 5xx Ambiguous (writes) or RetryLater (reads).
    """
    try:
        answer = await http.request(method, url, **more)
    except HostRefused as error:
        raise Rejected("url", "host_refused", said=str(error)) from error
    except FileGone as error:
        raise Rejected("media", "file_gone", said=str(error)) from error
    except NotSent as error:
        raise RetryLater("not_reached", said=str(error)) from error
    except (NoAnswer, TooLarge) as error:
        raise unclear(write, "no_answer", str(error)) from error
    if answer.status == 401 and is_page(answer):
        # A proxy or a network that wants a login of its own says nothing of the account's consent.
        raise unclear(write, "not_itself", words(answer))
    if known is not None:
        known(answer)
    if answer.status == 429:
        raise RetryLater("busy", after=retry_after(answer.headers), said=words(answer))
    if answer.status >= 500:
        raise unclear(write, "broken", words(answer))
    return answer


def settled(answer: Answer, *, write: bool) -> Any:
    """The JSON of a 2xx answer. Anything else raises: 401 GrantExpired, 410 and 426 Rejected("", "version_retired"), other
    3xx/4xx Rejected("", "refused")."""
    if answer.ok:
        return json_of(answer, write=write)
    if answer.status == 401:
        raise GrantExpired(said=words(answer))
    if 300 <= answer.status < 400:
        raise Rejected("url", "moved", said=moved_to(answer))
    if answer.status in (410, 426):
        raise Rejected("", "version_retired", said=words(answer))
    raise Rejected("", "refused", said=words(answer))


def is_page(answer: Answer) -> bool:
    """Whether it is a web page, which no API answers with."""
    told = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return told in ("text/html", "application/xhtml+xml") or answer.text()[:500].lstrip().startswith("<!")


def moved_to(answer: Answer) -> str:
    """Where a redirect leads, for a person to read. Without its query, which may repeat the secrets of ours."""
    return answer.headers.get("location", "").partition("?")[0].partition("#")[0]


def json_of(answer: Answer, *, write: bool) -> Any:
    """The answer as JSON; a web page in its place is unclear for a write, "later" for a read."""
    try:
        return answer.json()
    except NotJson as error:
        raise unclear(write, "not_itself", words(answer)) from error


def unclear(write: bool, reason: str, said: str = "") -> ConnectorError:
    """Ambiguous for a write, RetryLater for a read."""
    return Ambiguous(reason, said=said) if write else RetryLater(reason, said=said)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the Retry-After header (seconds or an HTTP date); None when it says nothing usable."""
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
        return max(0.0, seconds) if isfinite(seconds) else None
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - clock.now()).total_seconds())


def words(answer: Answer) -> str:
    """The first of what the channel said, for a person to read; of a web page its words, never its tags, of an answer in
    JSON the sentence in it, if it is where such sentences are."""
    said = _sentence(answer) or answer.text()[:5000]
    if said.lstrip().startswith("<"):
        said = to_text(said)
    return " ".join(said[:500].split())


def _sentence(answer: Answer) -> str:
    try:
        body = answer.json()
    except NotJson:
        return ""
    found = [body.get(key) for key in SENTENCES] if isinstance(body, dict) else []
    return next((text for text in found if isinstance(text, str) and text.strip()), "")
