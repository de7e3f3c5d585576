"""A channel on which a person publishes, as data: the steps, the page or app to open, where the proof must lie."""

from __future__ import annotations

import re
from typing import Final

from pydantic import field_validator

from kitestring.connectorkit.facts import Fact, Part, Text

LINK: Final = "{link}"  # in [hand_off.open_urls]: the post's own link
SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*")
NO_APPS: Final = {"http", "https", "javascript", "data", "file", "blob", "vbscript"}


class Step(Text):
    """One thing the person does; `kinds` names the publish kinds it is for (none: all)."""

    kinds: tuple[str, ...] = ()


class AppLink(Fact):
    """An address by which a phone opens the channel's app: a scheme of the app's own, never http or one a browser runs."""

    url: str

    @field_validator("url")
    @classmethod
    def _is_an_apps_own(cls, url: str) -> str:
        scheme, there, _rest = url.partition("://")
        if not there or not SCHEME.fullmatch(scheme) or scheme in NO_APPS:
            raise ValueError(f"{url!r} opens no app: a scheme of the app's own, then ://")
        return url


class HandOff(Part):
    """What the person publishing by hand does, step by step, and where the proof address must lie.

    `proof_hosts`: a host, or a host with the path that a post's address begins with there ("example.com/p/"). `open_url`: the
    page where a computer publishes; `open_urls`: another one by kind, where "{link}" is the post's own link.
    """

    steps: tuple[Step, ...]
    proof_hosts: tuple[str, ...]
    open_url: str = ""
    open_urls: dict[str, str] = {}
    app: AppLink | None = None

    def steps_for(self, kind: str) -> tuple[Step, ...]:
        """The steps for one publish kind, in order."""
        return tuple(step for step in self.steps if not step.kinds or kind in step.kinds)

    def opens(self, kind: str, link: str = "") -> str:
        """The page to open for one publish kind; the post's `link` where the kind is an answer to what lies there."""
        wanted = self.open_urls.get(kind, "")
        if wanted == LINK:
            return link if link.startswith(("https://", "http://")) else self.open_url
        return wanted or self.open_url

    def answers_link(self, kind: str) -> bool:
        """Whether the post's link says what is answered, and is no part of its words."""
        return self.open_urls.get(kind) == LINK

    def kinds_named(self) -> set[str]:
        return {kind for step in self.steps for kind in step.kinds} | set(self.open_urls)
