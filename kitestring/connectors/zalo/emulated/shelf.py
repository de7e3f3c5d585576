"""An account's articles: made by a token, known by an id, hidden or shown; Zalo takes a moment for each."""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.zalo.emulated.answers import Refusal

TITLE, AUTHOR, DESCRIPTION, PAGE = 150, 50, 300, 10


class Shelf:
    """Hidden articles lie in the platform's memory, shown ones are its items too."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.tokens: dict[str, Any] = platform.memory.setdefault("tokens", {})
        self.articles: dict[str, Any] = platform.memory.setdefault("articles", {})

    def create(self, account: str, body: dict[str, Any]) -> str:
        self.check(body)
        article, token = f"a{self.platform.next_id()}", f"token-{self.platform.next_id()}"
        self.tokens[token] = {"account": account, "id": article, "waits": 1}
        self.articles[article] = {"account": account, "body": body, "at": self.platform.clock().isoformat()}
        self._show(article)
        return token

    def verify(self, account: str, token: str) -> dict[str, Any]:
        """The article's id; nothing while it is being made."""
        kept = self.tokens.get(token)
        if kept is None or kept["account"] != account:
            raise Refusal(-201, "token is invalid")
        kept["waits"] -= 1
        return {} if kept["waits"] >= 0 else {"id": kept["id"]}

    def update(self, account: str, body: dict[str, Any]) -> str:
        article = self._own(account, str(body.get("id", "")))
        self.check(body)
        self.articles[article]["body"] = {key: value for key, value in body.items() if key != "id"}
        self._show(article)
        return article

    def remove(self, account: str, article: str) -> None:
        self._own(account, article)
        del self.articles[article]
        self.platform.remove(article)

    def detail(self, account: str, article: str, home: str) -> dict[str, Any]:
        kept = self.articles[self._own(account, article)]
        return {"id": article, **kept["body"], "link_view": f"{home}/detail/{article}"}

    def slice(self, account: str, offset: int, limit: int) -> dict[str, Any]:
        if limit > PAGE:
            raise Refusal(-201, f"maximum limit is {PAGE}")
        own = [i for i, kept in self.articles.items() if kept["account"] == account and self._there(i)]
        rows = [self._row(article) for article in reversed(own)]
        return {"medias": rows[offset : offset + limit], "total": len(rows)}

    def _row(self, article: str) -> dict[str, Any]:
        body, item = self.articles[article]["body"], self.platform.items.get(article)
        counts = item.counts if item else {}
        return {
            "id": article,
            "type": "normal",
            "title": body["title"],
            "status": body["status"],
            "total_view": counts.get("views", 0),
            "total_share": counts.get("shares", 0),
        }

    def _own(self, account: str, article: str) -> str:
        kept = self.articles.get(article)
        if kept is None or kept["account"] != account or not self._there(article):
            raise Refusal(-241, "article is not exist")
        return article

    def _there(self, article: str) -> bool:
        """A shown one may have been deleted by hand, on the account's own pages."""
        return self.articles[article]["body"]["status"] != "show" or article in self.platform.items

    def _show(self, article: str) -> None:
        kept = self.articles[article]
        body = kept["body"]
        if body["status"] != "show":
            self.platform.remove(article)
            return
        text = "\n\n".join(to_text(part["content"]) for part in body["body"] if part["type"] == "text")
        pictures = [body["cover"]["photo_url"], *(p["url"] for p in body["body"] if p["type"] == "image")]
        media = [{"id": address, "mime": "image/jpeg", "alt": ""} for address in pictures]
        made = Item(article, kept["account"], text, kept["at"], title=body["title"], media=media)
        there = self.platform.items.get(article)
        if there is None:
            self.platform.add(made)
        else:
            there.text, there.title, there.media = made.text, made.title, made.media

    def check(self, body: dict[str, Any]) -> None:
        """As Zalo words it: which value is wrong."""
        cover = body.get("cover")
        address = cover.get("photo_url", "") if isinstance(cover, dict) else ""
        parts = body.get("body")
        if body.get("type") != "normal":
            raise Refusal(-201, "type accept only 2 value normal and video.")
        for name, most in (("title", TITLE), ("description", DESCRIPTION), ("author", AUTHOR + 1)):
            if not 1 <= len(str(body.get(name, ""))) < most:
                raise Refusal(-201, f"{name} allow 1 to {most} characters")
        if not str(address).startswith(("https://", "http://127.0.0.1")):
            raise Refusal(-201, "cover value is invalid")
        if not isinstance(parts, list) or not parts or any(not isinstance(p, dict) for p in parts):
            raise Refusal(-201, "body is invalid")
        if body.get("status") not in ("show", "hide"):
            raise Refusal(-201, "status is invalid")
