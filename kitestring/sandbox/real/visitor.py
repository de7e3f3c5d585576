"""Somebody on the real network who is not us: reads, answers, likes and reposts as a stranger with an account would."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from kitestring.kit import clock
from kitestring.sandbox.real import http
from kitestring.sandbox.real.trouble import ServerFailed

SEEN_WITHIN = 30.0  # seconds; one or two on a quiet machine


class Record(NamedTuple):
    """What the network calls a strong reference: where a record lies and which version of it."""

    uri: str
    cid: str


class BlueskyVisitor:
    """One account with its own session. Every act is a record in the account's own repository.

    Like a person, it answers, likes and reposts only what it can see: the act waits until the AppView shows the post.
    Done sooner, the AppView may index the answer before the post, and then never tells the post's author of it.
    """

    def __init__(self, pds_url: str, handle: str, did: str, password: str) -> None:
        self.handle, self.did, self.password = handle, did, password
        self._xrpc = f"{pds_url}/xrpc"
        login = {"identifier": did, "password": password}
        session = self._post("com.atproto.server.createSession", login, {})
        self._bearer = {"Authorization": f"Bearer {session['accessJwt']}"}

    def post(self, text: str) -> Record:
        return self._create("app.bsky.feed.post", {"text": text})

    def reply(self, to: tuple[str, str], text: str, root: tuple[str, str] | None = None) -> Record:
        """Answer the post `to` (uri, cid). root: the first post of the conversation, if that is another one."""
        self.wait_for(to[0])
        parent, top = ({"uri": uri, "cid": cid} for uri, cid in (to, root or to))
        return self._create("app.bsky.feed.post", {"text": text, "reply": {"root": top, "parent": parent}})

    def like(self, post: tuple[str, str]) -> Record:
        self.wait_for(post[0])
        return self._create("app.bsky.feed.like", {"subject": {"uri": post[0], "cid": post[1]}})

    def repost(self, post: tuple[str, str]) -> Record:
        self.wait_for(post[0])
        return self._create("app.bsky.feed.repost", {"subject": {"uri": post[0], "cid": post[1]}})

    def wait_for(self, uri: str) -> None:
        """Return once the AppView shows this post; `ServerFailed` after half a minute."""
        deadline = time.monotonic() + SEEN_WITHIN
        while not self.get("app.bsky.feed.getPosts", uris=uri)["posts"]:
            if time.monotonic() > deadline:
                raise ServerFailed(f"The AppView did not show {uri} within {SEEN_WITHIN:.0f} seconds.")
            time.sleep(0.2)

    def get(self, method: str, **query: Any) -> Any:
        """Any reading call of the network with this account's rights, such as `app.bsky.feed.getPosts`."""
        address = f"{self._xrpc}/{method}"
        return http.ask("GET", address, query=query, headers=self._bearer).expect(200).json()

    def _create(self, collection: str, record: dict[str, Any]) -> Record:
        stamped = {"$type": collection, "createdAt": clock.now().isoformat(), **record}
        body = {"repo": self.did, "collection": collection, "record": stamped}
        made = self._post("com.atproto.repo.createRecord", body, self._bearer)
        return Record(made["uri"], made["cid"])

    def _post(self, method: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        return http.ask("POST", f"{self._xrpc}/{method}", body=body, headers=headers).expect(200).json()
