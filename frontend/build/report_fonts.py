"""Makes the fonts of the one-page PDF: Inter and Noto Sans SC, regular and semi-bold, as whole TTF files.

Typst reads no woff2, and takes letters from elsewhere when a family lies in slices of one name; so the slices become one
file. Run by hand when the packages change: `python frontend/build/report_fonts.py` (needs fontTools). OFL-1.1.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).resolve().parent.parent
TO = HERE.parent / "kitestring/domains/reports/paper/fonts"
INTER = HERE / "node_modules/@fontsource-variable/inter/files"
CHINESE = HERE / "node_modules/@fontsource/noto-sans-sc/files"
WEIGHTS = {400: "Regular", 600: "SemiBold"}
KEPT = ["kern", "mark", "mkmk", "ccmp", "locl", "palt", "halt", "tnum"]


def _named(font: TTFont, family: str, weight: int) -> None:
    style = WEIGHTS[weight]
    names = font["name"]
    names.names = [n for n in names.names if n.nameID in (0, 13, 14)]
    full = f"{family} {style}"
    for key, text in {
        1: family,
        2: style,
        3: full,
        4: full,
        6: full.replace(" ", ""),
        16: family,
        17: style,
    }.items():
        names.setName(text, key, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight


def _slim(font: TTFont) -> TTFont:
    options = Options(layout_features=KEPT, hinting=False, glyph_names=False, notdef_outline=True)
    options.drop_tables += ["STAT", "MATH", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=list(font.getBestCmap()))
    subsetter.subset(font)
    return font


def latin(weight: int) -> None:
    """latin, latin-ext and vietnamese of Inter at one weight, in one file."""
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for part in ("latin", "latin-ext", "vietnamese"):
            font = TTFont(INTER / f"inter-{part}-wght-normal.woff2")
            font = instantiateVariableFont(font, {"wght": weight})
            font.flavor = None
            font = _slim(font)
            path = f"{folder}/{part}.ttf"
            font.save(path)
            parts.append(path)
        merged = Merger(MergeOptions(drop_tables=["STAT", "vhea", "vmtx"])).merge(parts)
    _named(merged, "Inter", weight)
    merged.save(TO / f"inter-{weight}.ttf")


def chinese(weight: int) -> None:
    font = TTFont(CHINESE / f"noto-sans-sc-chinese-simplified-{weight}-normal.woff2")
    font.flavor = None
    font = _slim(font)
    _named(font, "Noto Sans SC", weight)
    font.save(TO / f"noto-sans-sc-{weight}.ttf")


def main() -> None:
    TO.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        latin(weight)
        chinese(weight)


if __name__ == "__main__":
    main()
