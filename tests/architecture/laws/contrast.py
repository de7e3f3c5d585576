"""WCAG contrast of the design's colours, read from the CSS custom properties of each theme."""

from __future__ import annotations

import re
from collections.abc import Mapping

BLOCK = re.compile(r":root\s*\{([^{}]*--ground[^{}]*)\}")
TOKEN = re.compile(r"(--[\w-]+)\s*:\s*([^;]+);?")
HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\b", re.IGNORECASE)


def tokens(css: str, theme: str) -> dict[str, str]:
    """The custom properties of `:root`, each `light-dark(a, b)` decided for the theme "light" or "dark"."""
    found = BLOCK.search(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    if found is None:
        raise ValueError("no :root rule with the colours")
    return {name: _decided(value.strip(), theme) for name, value in TOKEN.findall(found[1])}


def _decided(value: str, theme: str) -> str:
    while "light-dark(" in value:
        start = value.index("light-dark(")
        depth, comma, end = 0, 0, start
        for end in range(start + len("light-dark"), len(value)):
            depth += {"(": 1, ")": -1}.get(value[end], 0)
            if value[end] == "," and depth == 1:
                comma = end
            if depth == 0:
                break
        light, dark = value[start + len("light-dark(") : comma], value[comma + 1 : end]
        value = value[:start] + (light if theme == "light" else dark).strip() + value[end + 1 :]
    return value


def colour(value: str, tokens: Mapping[str, str], ground: str = "#ffffff") -> tuple[float, float, float]:
    """Red, green and blue in 0..255 of a hex colour, `var(--x)`, or `color-mix(in srgb, A n%, B)`.

    Raises ValueError for a form it does not know.
    """
    value = value.strip()
    if value.startswith("var("):
        return colour(tokens[value[4:-1].split(",")[0].strip()], tokens, ground)
    mixed = re.fullmatch(r"color-mix\(in s?rgb,\s*(.+?)\s+(\d+)%,\s*(.+)\)", value)
    if mixed:
        share = int(mixed[2]) / 100
        under = ground if mixed[3].strip() == "transparent" else mixed[3]
        over, below = colour(mixed[1], tokens, ground), colour(under, tokens, ground)
        red, green, blue = (share * a + (1 - share) * b for a, b in zip(over, below, strict=True))
        return red, green, blue
    clear = re.fullmatch(r"rgba?\((\d+)[ ,]+(\d+)[ ,]+(\d+)(?:\s*[,/]\s*([\d.]+)(%?))?\)", value)
    if clear:
        share = float(clear[4] or 1) / (100 if clear[5] else 1)
        below = colour(ground, tokens)
        red, green, blue = (share * int(clear[n + 1]) + (1 - share) * below[n] for n in range(3))
        return red, green, blue
    if not HEX.fullmatch(value):
        raise ValueError(f"not a colour this test can read: {value}")
    digits = value[1:] if len(value) == 7 else "".join(2 * sign for sign in value[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def ratio(first: tuple[float, float, float], second: tuple[float, float, float]) -> float:
    """WCAG 2.2 contrast ratio, 1..21 (relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: tuple[float, float, float]) -> float:
    parts = [part / 255 for part in rgb]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
