"""The real servers of `bin/demo --once --real`: our account on each, and somebody else there who answers and likes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

from kitestring.sandbox.real.bluesky import BlueskyNetwork
from kitestring.sandbox.real.visitor import BlueskyVisitor
from kitestring.sandbox.real.wordpress import WordPressSite

QUESTION = "Quán mở tới mấy giờ vậy ạ? Mình tan ca 9 rưỡi."


class Real(Protocol):
    """A channel played by the vendor's own software. `answers`: what we type to connect; `urls`: addresses by name."""

    answers: dict[str, str]
    urls: dict[str, str]

    def speak(self, post: str) -> None: ...

    def like(self, post: str) -> None: ...

    def holds(self, post: str, text: str) -> bool: ...


class RealBluesky:
    """Our account by its app password; a visitor with an account of their own."""

    def __init__(self, network: BlueskyNetwork) -> None:
        handle, password = "hien-ca-phe.test", "a long password"
        network.create_account(handle, "hien@example.test", password)
        app_password = network.create_app_password(handle, password)
        self.answers = {"url": network.pds_url, "handle": handle, "app_password": app_password}
        # Nobody outside is called: there is no video service here, and the directory is the network's own.
        self.urls: dict[str, str] = {"video": "", "plc": network.plc_url}
        self.visitor: BlueskyVisitor = network.visitor("ngoctram.test")

    def _post(self, uri: str) -> tuple[str, str]:
        """The post as the visitor sees it: (uri, cid); the network needs a moment."""
        for _ in range(60):
            found = self.visitor.get("app.bsky.feed.getPosts", uris=uri).get("posts") or []
            if found:
                return str(found[0]["uri"]), str(found[0]["cid"])
            time.sleep(0.5)
        raise TimeoutError(f"The visitor does not see {uri}.")

    def speak(self, post: str) -> None:
        """The visitor asks under the post and likes it."""
        self.visitor.reply(self._post(post), QUESTION)
        self.visitor.like(self._post(post))

    def like(self, post: str) -> None:
        """Liked already, when they spoke."""

    def holds(self, post: str, text: str) -> bool:
        for _ in range(40):
            thread = self.visitor.get("app.bsky.feed.getPostThread", uri=post, depth=10).get("thread") or {}
            if _said(thread, text):
                return True
            time.sleep(0.5)
        return False


def _said(node: dict[str, Any], text: str) -> bool:
    if (node.get("post") or {}).get("record", {}).get("text") == text:
        return True
    return any(_said(below, text) for below in node.get("replies") or [])


class RealWordPress:
    """The site's admin is us; its reader comments, and waits for no approval when the admin lets it through."""

    def __init__(self, site: WordPressSite) -> None:
        self.site = site
        self.answers = {"url": site.url, "user": site.user, "app_password": site.application_password}
        self.urls: dict[str, str] = {}

    def speak(self, post: str) -> None:
        comment = self.site.add_comment(int(post), QUESTION)
        self.site.approve(comment)

    def like(self, post: str) -> None:
        """WordPress has no likes."""

    def holds(self, post: str, text: str) -> bool:
        query = {"post": post, "per_page": "50"}
        rows = self.site.call("GET", "/wp/v2/comments", query=query).expect(200).json()
        return any(text[:30] in row["content"]["rendered"] for row in rows)


@contextmanager
def real_servers() -> Iterator[dict[str, Any]]:
    """Both, started for this walk alone, by channel. Raises `Absent` or `ServerFailed` with what to do."""
    with ExitStack() as stack:
        network = stack.enter_context(BlueskyNetwork(_tell))
        site = stack.enter_context(WordPressSite(_tell))
        yield {"bluesky": RealBluesky(network), "wordpress": RealWordPress(site)}


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
