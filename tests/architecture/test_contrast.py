"""The design's colours pass WCAG AA in light and in dark: text 4.5, edges of controls and marks 3."""

from __future__ import annotations

import pytest

from tests.architecture.laws.contrast import colour, ratio, tokens
from tests.architecture.laws.tree import ROOT

CSS = ROOT / "frontend" / "src" / "css" / "tokens.css"
TEXT = [
    *(
        (ink, ground)
        for ink in ("--ink", "--second")
        for ground in ("--ground", "--surface", "--wash", "--band")
    ),
    *(
        (f"--{tone}", ground)
        for tone in ("good", "warn", "danger", "info")
        for ground in ("--ground", "--surface")
    ),
    *((f"--{tone}", f"--{tone}-g") for tone in ("good", "warn", "danger", "info")),
    *(("--ink", f"--{tone}-g") for tone in ("good", "warn", "danger", "info")),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-press"),
]
SHAPES = [
    ("--edge", "--surface"),
    ("--accent", "--surface"),
    ("--plot", "--surface"),
    ("--plot-2", "--surface"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("over", "under", "least"), [(*p, 4.5) for p in TEXT] + [(*p, 3.0) for p in SHAPES])
def test_colours_can_be_read(theme: str, over: str, under: str, least: float) -> None:
    known = tokens(CSS.read_text("utf-8"), theme)
    found = ratio(colour(known[over], known), colour(known[under], known))
    assert found >= least, (
        f"{theme}: {over} ({known[over]}) on {under} ({known[under]}) is {found:.2f}:1, at least {least}:1 is due. "
        "Change the token in frontend/src/css/tokens.css; the design's table has pairs that pass."
    )


def test_the_law_knows_contrast() -> None:
    assert ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert ratio(colour("#777", {}), colour("#fff", {})) == pytest.approx(4.48, abs=0.01)


def test_the_law_reads_themes_and_mixes() -> None:
    css = ":root { --ground: light-dark(#ffffff, #000000); --g: light-dark(color-mix(in srgb, #000 10%, #fff), #111); }"
    assert colour(tokens(css, "light")["--g"], {}) == pytest.approx((229.5, 229.5, 229.5))
    assert colour(tokens(css, "dark")["--g"], {}) == pytest.approx((17, 17, 17))
    assert tokens(css, "dark")["--ground"] == "#000000"
