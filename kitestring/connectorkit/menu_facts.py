"""What a channel's menu below the conversation may be: how many entries, how long their names, what a tap can do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kitestring.connectorkit.facts import Fact, Part, Text, TextLimit


class MenuField(Part):
    """What an action has to be told. "url": an address that begins with http:// or https://."""

    key: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,19}$")]
    kind: Literal["text", "words", "url"] = "text"
    label: Text
    help: Text | None = None
    limit: TextLimit


class MenuAction(Part):
    """What a tap on an entry does, by a key of the channel's own.

    `needs_hook`: only while the channel calls the account's address. `account_types`: who may use it; none named: all.
    """

    key: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,19}$")]
    label: Text
    help: Text | None = None
    fields: tuple[MenuField, ...] = ()
    needs_hook: bool = False
    account_types: tuple[str, ...] = ()


class MenuFacts(Fact):
    """`items` entries at most, and `below` under each that opens a list (0: there are no lists).

    `label`, `label_below`: how long their names may be. `shown`, `shown_below`: how much of a name people see, in Chinese
    characters, a Latin letter half of one (None: all). `audience_from`: the account's setting that lists for whom there
    may be another menu ([{"value", "label"}]); "" where everybody has the same one. `others`: what is known of menus that
    are for nobody of that list.
    """

    items: Annotated[int, Field(ge=1)]
    below: Annotated[int, Field(ge=0)] = 0
    label: TextLimit
    label_below: TextLimit | None = None
    shown: int | None = None
    shown_below: int | None = None
    actions: tuple[MenuAction, ...]
    audience_from: str = ""
    others: Text | None = None
    explains: Text

    def named(self, below: bool) -> TextLimit:
        """How long the name of an entry may be."""
        return self.label_below if below and self.label_below is not None else self.label

    def action(self, key: str) -> MenuAction | None:
        return next((one for one in self.actions if one.key == key), None)
