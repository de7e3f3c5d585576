"""Small pieces of markup that templates ask for by name: icons, shapes, chips, avatars, attributes."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from kitestring.ui import assets, people, states
from kitestring.ui.marks import channel_mark

SPRITE = "sprite.svg"


def _use(symbol: str, css: str) -> Markup:
    def drawn() -> str:
        href = escape(f"{assets.asset_url(SPRITE)}#{symbol}")
        return f'<svg class="{css}" aria-hidden="true"><use href="{href}"/></svg>'

    return assets.build().once(symbol, css, drawn)


def icon(name: str, size: str = "") -> Markup:
    """A Lucide icon, 16 px; `size` "lg" is 20, "sm" is 14."""
    return _use(f"i-{name}", f"i {size}".strip())


def shape(state: object) -> Markup:
    """The drawing of a state, without its word."""
    return _use(f"s-{states.look(state).shape}", "st")


def state_word(state: object) -> str:
    """The word of a state, without its drawing."""
    return str(states.look(state).word)


def kite(css: str = "kite") -> Markup:
    """Our own mark."""
    return _use("kite", css)


def state_chip(state: object, text: str | None = None) -> Markup:
    """A state as a shape and a word; `text` says it more exactly ("Ends in 3 days")."""
    look = states.look(state)
    css = " ".join(filter(None, ["chip", "ask" if look.asks else "", look.tone]))
    word = escape(text if text is not None else str(look.word))
    return Markup(f'<span class="{css}">{_use("s-" + look.shape, "st")}{word}</span>')  # noqa: S704 - our own markup around escaped words


def avatar(name: object, size: str = "", channel: object = None) -> Markup:
    """Round initials in a steady tint; with `channel`, its mark at the corner."""
    text = str(name or "")
    css = " ".join(filter(None, ["av", size, f"av-{people.tint(text)}"]))
    face = Markup(f'<span class="{css}" aria-hidden="true">{escape(people.initials(text))}</span>')  # noqa: S704 - our own markup around escaped words
    if not channel:
        return face
    return Markup('<span class="avc">') + face + channel_mark(channel) + Markup("</span>")


def attributes(*sources: Mapping[str, object]) -> Markup:
    """HTML attributes from keyword arguments (`hx_post` is hx-post); None and False are left out, True is bare."""
    parts: list[str] = []
    for source in sources:
        for key, value in source.items():
            if value is None or value is False:
                continue
            name = escape(key.rstrip("_").replace("_", "-"))
            parts.append(f" {name}" if value is True else f' {name}="{escape(value)}"')
    return Markup("".join(parts))  # noqa: S704 - our own markup around escaped words
