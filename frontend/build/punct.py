"""Cuts Chinese punctuation out of Noto Sans SC into one small font, so that neighbours like ”； close up.

Browsers trim the space between two signs only inside one font; Fontsource's slices put quotes and commas into
different ones. Run by hand when the package changes: `python frontend/build/punct.py` (needs fontTools). OFL-1.1.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

HERE = Path(__file__).resolve().parent.parent
SIGNS = "\u2014\u2018\u2019\u201c\u201d\u2026\u00b7、。〈〉《》「」『』【】〔〕！（），：；？"


def main() -> None:
    for weight in (400, 600):
        source = (
            HERE
            / f"node_modules/@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-{weight}-normal.woff2"
        )
        options = Options(layout_features=["*"], flavor="woff2", name_IDs=[0, 1, 2, 13, 14], hinting=False)
        font = load_font(str(source), options)
        subsetter = Subsetter(options)
        subsetter.populate(text=SIGNS)
        subsetter.subset(font)
        save_font(font, str(HERE / f"src/fonts/kite-punct-{weight}.woff2"), options)


if __name__ == "__main__":
    main()
