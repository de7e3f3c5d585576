"""What one walk along the line carries from step to step."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext
from PIL import Image
from playwright.sync_api import Page

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions.connect import connect
from kitestring.domains.channels.models import Account
from kitestring.domains.workspaces.models import Member, Role, User
from tests.journeys.conftest import Desk
from tests.journeys.engine import Engine, aside
from tests.journeys.looking import troubles
from tests.journeys.platforms import Platforms, by_hand
from tests.journeys.words import Words


@dataclass
class Line:
    """The people, their browsers, and the ids of what came to be."""

    words: Words
    base: str
    desk: Desk
    visitor: Desk
    platforms: Platforms
    engine: Engine
    owner: Member = field(init=False)
    at_desk: Page = field(init=False)
    brief: UUID = field(init=False)
    campaign: UUID = field(init=False)
    post: UUID = field(init=False)
    looked: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    @property
    def brand(self) -> Brand:
        return Brand.objects.get(workspace=self.owner.workspace)

    def go(self, page: Page, path: str) -> None:
        page.goto(self.base + path)

    def look(self, page: Page, room: str) -> None:
        """Keep what is wrong with the page; axe sees each room once a walk and width."""
        width = page.viewport_size["width"] if page.viewport_size else 0
        seen = f"{room} {width}"
        self.wrong += [f"{room}: {said}" for said in troubles(page, axe=seen not in self.looked)]
        self.looked.add(seen)

    def joins(self, name: str, role: Role) -> Member:
        """A colleague who reads the same language."""
        user = User.objects.create(email=f"{role}@{self.owner.workspace_id}.test", password="!")
        return Member.objects.create(
            workspace=self.owner.workspace, user=user, name=name, role=role, language=self.words.language
        )

    def connect(self, slug: str, name: str) -> Account:
        """An account connected as the page does it, without the page."""
        typed = self.platforms[slug].typed(name)
        return aside(lambda: connect(self.owner, self.brand, slug, typed))

    def connect_by_hand(self, name: str) -> Account:
        channel = by_hand().manifest
        return aside(
            lambda: connect(self.owner, self.brand, channel.slug, {channel.auth.fields[0].key: name})
        )

    def word(self, text: str, **parts: Any) -> str:
        """What the page says for `text` in the reader's language."""
        with translation.override(self.words.language):
            said = gettext(text)
        return said % parts if parts else said


def picture(width: int = 900, height: int = 600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#2F4A3C").save(out, "PNG")
    return out.getvalue()
