"""The demo's pictures, drawn by code in the brands' colours: quiet shapes, paper grounds, one accent."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

Box = tuple[float, float, float, float]
WIDE, HIGH, FINE = 1200, 900, 2  # drawn twice as fine, then made smaller: smooth edges


@dataclass(frozen=True)
class Palette:
    """A brand's colours: ground, the colour of things, a darker and a lighter one, the accent."""

    paper: str
    main: str
    deep: str
    soft: str
    accent: str


PALETTES: Final = {
    "hien": Palette("#F4EBDD", "#7A4A2E", "#3B2418", "#DDBF98", "#C4572F"),
    "qinglan": Palette("#EAF0EC", "#6F9484", "#24423A", "#C3D6CC", "#D97A33"),
}


class Sheet:
    """A canvas of 1200 x 900 with the few strokes the pictures need."""

    def __init__(self, palette: Palette) -> None:
        self.colour = palette
        self.image = Image.new("RGB", (WIDE * FINE, HIGH * FINE), palette.paper)
        self.pen = ImageDraw.Draw(self.image)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.oval((x - radius, y - radius, x + radius, y + radius), colour)

    def oval(self, box: Box, colour: str) -> None:
        self.pen.ellipse([v * FINE for v in box], fill=colour)

    def block(self, box: Box, colour: str, radius: float = 0) -> None:
        self.pen.rounded_rectangle([v * FINE for v in box], radius * FINE, fill=colour)

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        self.pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def line(self, points: list[tuple[float, float]], colour: str, width: float) -> None:
        self.pen.line([(x * FINE, y * FINE) for x, y in points], colour, round(width * FINE), joint="curve")

    def arc(self, box: Box, start: float, end: float, colour: str, width: float) -> None:
        self.pen.arc([v * FINE for v in box], start, end, colour, round(width * FINE))

    def wave(self, x: float, low: float, high: float, swing: float, colour: str, width: float = 9) -> None:
        """A line that rises like steam from `low` to `high`."""
        steps = 40
        points = [
            (x + swing * math.sin(n / steps * math.tau * 1.1), low + (high - low) * n / steps)
            for n in range(steps + 1)
        ]
        self.line(points, colour, width)

    def jpeg(self) -> bytes:
        small = self.image.resize((WIDE, HIGH), Image.Resampling.BOX)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=86, optimize=True)
        return out.getvalue()


def _cup(s: Sheet, x: float, y: float, size: float = 1.0) -> None:
    """A cup on its saucer, its foot at (x, y)."""
    w, h = 150 * size, 190 * size
    s.oval((x - 230 * size, y - 18 * size, x + 230 * size, y + 26 * size), s.colour.soft)
    s.arc((x + w * 0.7, y - h * 0.9, x + w * 1.5, y - h * 0.3), 260, 110, s.colour.main, 22 * size)
    s.shape([(x - w, y - h), (x + w, y - h), (x + w * 0.72, y), (x - w * 0.72, y)], s.colour.main)
    s.oval((x - w, y - h - 32 * size, x + w, y - h + 32 * size), s.colour.main)
    s.oval((x - w * 0.88, y - h - 24 * size, x + w * 0.88, y - h + 24 * size), s.colour.deep)


def cup(s: Sheet) -> None:
    s.block((0, 640, WIDE, HIGH), s.colour.soft)
    _cup(s, 600, 660, 1.25)
    for place, swing in ((530, 26), (600, -30), (670, 24)):
        s.wave(place, 370, 150, swing, s.colour.soft, 12)


def salt(s: Sheet) -> None:
    """A glass in two layers with its cream, seen from the side."""
    s.disc(930, 210, 110, s.colour.accent)
    s.block((0, 700, WIDE, HIGH), s.colour.soft)
    s.block((440, 250, 760, 740), "#FFFFFF", 34)
    s.block((456, 470, 744, 724), s.colour.deep, 24)
    s.block((456, 380, 744, 520), s.colour.main, 8)
    s.block((456, 300, 744, 400), s.colour.paper, 20)
    for x, y in ((500, 284), (560, 268), (610, 286), (668, 270), (710, 288)):
        s.block((x, y, x + 16, y + 16), s.colour.soft, 3)
    s.line([(690, 180), (640, 690)], s.colour.soft, 14)


def phin(s: Sheet) -> None:
    s.block((0, 690, WIDE, HIGH), s.colour.soft)
    s.block((470, 470, 730, 720), "#FFFFFF", 26)
    s.block((484, 610, 716, 708), s.colour.deep, 20)
    s.block((400, 436, 800, 470), s.colour.main, 12)
    s.shape([(470, 210), (730, 210), (712, 440), (488, 440)], s.colour.main)
    s.block((440, 180, 760, 214), s.colour.deep, 12)
    s.disc(600, 166, 22, s.colour.deep)
    for y in (500, 540, 580):
        s.disc(600, y, 9, s.colour.deep)


def sunrise(s: Sheet) -> None:
    s.disc(600, 560, 230, s.colour.accent)
    for n, x in enumerate(range(60, WIDE, 150)):
        height = (210, 330, 260, 400, 230, 350, 280, 220)[n % 8]
        s.block((x, HIGH - height, x + 118, HIGH), s.colour.main if n % 2 else s.colour.deep, 6)
        for y in range(HIGH - height + 40, HIGH - 30, 62):
            s.block((x + 26, y, x + 46, y + 24), s.colour.soft)
            s.block((x + 70, y, x + 90, y + 24), s.colour.paper)


def rain(s: Sheet) -> None:
    s.block((0, 0, WIDE, HIGH), s.colour.soft)
    for n in range(46):
        x, y = (n * 137) % WIDE, (n * 211) % 560
        s.line([(x, y), (x - 18, y + 64)], s.colour.paper, 6)
    s.shape([(140, 420), (1060, 420), (980, 300), (220, 300)], s.colour.accent)
    for n in range(6):
        s.shape(
            [(140 + n * 153, 420), (293 + n * 153, 420), (217 + n * 153, 478)],
            s.colour.accent if n % 2 else s.colour.paper,
        )
    s.block((250, 470, 950, HIGH), s.colour.deep)
    s.block((320, 540, 620, HIGH), s.colour.paper)
    _cup(s, 780, 760, 0.5)


def roof(s: Sheet) -> None:
    s.disc(940, 210, 96, s.colour.accent)
    for row in range(7):
        for n in range(-1, 13):
            x, y = n * 104 + (52 if row % 2 else 0), 330 + row * 88
            s.oval((x, y, x + 112, y + 150), s.colour.main if (n + row) % 3 else s.colour.deep)
            s.arc((x, y, x + 112, y + 150), 20, 160, s.colour.paper, 5)


def beans(s: Sheet) -> None:
    for n in range(28):
        x, y = 130.0 + (n % 7) * 158 + (n // 7 % 2) * 70, 150.0 + (n // 7) * 200
        long = n % 3 == 0
        w, h = (52, 74) if long else (70, 50)
        s.oval((x - w, y - h, x + w, y + h), (s.colour.main, s.colour.deep, s.colour.accent)[n * 5 % 3])
        curve = [(x - 8, y - h * 0.8), (x + 10, y - h * 0.2), (x - 10, y + h * 0.2), (x + 8, y + h * 0.8)]
        s.line(curve if long else [(x - w * 0.8, y + 6), (x, y - 8), (x + w * 0.8, y + 6)], s.colour.paper, 7)


def cake(s: Sheet) -> None:
    s.block((0, 640, WIDE, HIGH), s.colour.soft)
    s.oval((230, 600, 970, 780), "#FFFFFF")
    s.oval((290, 620, 910, 748), s.colour.paper)
    for x, y in ((470, 640), (620, 650), (545, 560), (730, 630)):
        s.disc(x, y, 92, s.colour.main)
        s.disc(x, y, 76, s.colour.accent)
        for n in range(6):
            s.disc(
                x + 44 * math.cos(n * math.tau / 6), y + 44 * math.sin(n * math.tau / 6), 8, s.colour.paper
            )


def street(s: Sheet) -> None:
    s.block((0, 700, WIDE, HIGH), s.colour.soft)
    tones = (s.colour.main, s.colour.accent, s.colour.deep, s.colour.main)
    for n, tone in enumerate(tones):
        x = 90 + n * 260
        s.block((x, 260 + n % 2 * 60, x + 240, 720), tone)
        s.shape([(x - 16, 266 + n % 2 * 60), (x + 120, 160 + n % 2 * 60), (x + 256, 266 + n % 2 * 60)], tone)
        s.block((x + 40, 340, x + 96, 430), s.colour.paper, 6)
        s.block((x + 140, 340, x + 196, 430), s.colour.paper, 6)
        s.block((x + 84, 540, x + 158, 720), s.colour.paper, 8)
    s.disc(1080, 140, 60, s.colour.accent)


def leaf(s: Sheet) -> None:
    for x, y, turn, tone in (
        (430, 560, -0.5, s.colour.main), (620, 430, 0.1, s.colour.deep), (800, 590, 0.6, s.colour.main),
    ):  # fmt: skip
        _leaf(s, x, y, 250, turn, tone)
    s.line([(620, 860), (610, 640)], s.colour.deep, 12)


def _leaf(s: Sheet, x: float, y: float, length: float, turn: float, tone: str) -> None:
    def at(along: float, aside: float) -> tuple[float, float]:
        return (
            x + along * math.sin(turn) + aside * math.cos(turn),
            y - along * math.cos(turn) + aside * math.sin(turn),
        )

    steps = [n / 24 for n in range(25)]
    right = [at((t - 0.5) * 2 * length, 96 * math.sin(math.pi * t)) for t in steps]
    left = [at((t - 0.5) * 2 * length, -96 * math.sin(math.pi * t)) for t in reversed(steps)]
    s.shape(right + left, tone)
    s.line([at(-length, 0), at(length * 0.9, 0)], s.colour.paper, 6)


def mountain(s: Sheet) -> None:
    s.disc(860, 250, 92, s.colour.accent)
    for top, tone, base in ((300, s.colour.soft, 90), (430, s.colour.main, 300), (570, s.colour.deep, -60)):
        points = [(0.0, float(HIGH))]
        for n in range(61):
            x = n * WIDE / 60
            points.append((x, top + 90 * math.sin((x + base * 7) / 170) + 46 * math.sin((x + base) / 71)))
        s.shape([*points, (float(WIDE), float(HIGH))], tone)


def fire(s: Sheet) -> None:
    s.block((0, 720, WIDE, HIGH), s.colour.soft)
    s.block((400, 560, 800, 760), s.colour.deep, 40)
    s.block((440, 540, 760, 580), s.colour.main, 16)
    for x, h in ((500, 130), (600, 210), (700, 150)):
        s.shape(
            [(x - 52, 560), (x - 30, 560 - h * 0.5), (x, 560 - h), (x + 30, 560 - h * 0.5), (x + 52, 560)],
            s.colour.accent,
        )
        s.shape([(x - 24, 560), (x, 560 - h * 0.55), (x + 24, 560)], s.colour.paper)
    for x in (470, 560, 650, 730):
        s.disc(x, 660, 26, s.colour.accent)


def kettle(s: Sheet) -> None:
    s.block((0, 700, WIDE, HIGH), s.colour.soft)
    s.arc((420, 130, 780, 560), 195, 345, s.colour.deep, 26)
    s.shape([(770, 500), (930, 390), (960, 420), (800, 620)], s.colour.main)
    s.oval((370, 360, 830, 740), s.colour.main)
    s.block((500, 330, 700, 376), s.colour.deep, 14)
    s.disc(600, 318, 26, s.colour.accent)
    s.wave(955, 370, 190, 18, s.colour.soft, 10)


def orange(s: Sheet) -> None:
    for x, y, r in ((430, 520, 190), (740, 600, 160), (720, 300, 120)):
        s.disc(x, y, r, s.colour.accent)
        s.disc(x, y, r * 0.86, s.colour.paper)
        for n in range(9):
            a, b = n * math.tau / 9 + 0.06, (n + 1) * math.tau / 9 - 0.06
            mid = (a + b) / 2
            s.shape(
                [
                    (x + r * 0.1 * math.cos(mid), y + r * 0.1 * math.sin(mid)),
                    (x + r * 0.8 * math.cos(a), y + r * 0.8 * math.sin(a)),
                    (x + r * 0.83 * math.cos(mid), y + r * 0.83 * math.sin(mid)),
                    (x + r * 0.8 * math.cos(b), y + r * 0.8 * math.sin(b)),
                ],
                s.colour.accent,
            )
    _leaf(s, 560, 250, 90, 0.9, s.colour.main)


def steam(s: Sheet) -> None:
    s.disc(600, 460, 330, s.colour.soft)
    _cup(s, 600, 760, 0.9)
    for place, swing in ((520, 34), (600, -40), (680, 34)):
        s.wave(place, 540, 190, swing, "#FFFFFF", 14)


def window(s: Sheet) -> None:
    s.block((0, 0, WIDE, HIGH), s.colour.deep)
    s.block((230, 100, 970, 680), s.colour.soft, 10)
    s.disc(780, 260, 80, s.colour.accent)
    for x in (230, 592, 954):
        s.block((x, 100, x + 16, 680), s.colour.main)
    s.block((230, 380, 970, 396), s.colour.main)
    s.block((150, 680, 1050, 730), s.colour.main, 8)
    _cup(s, 430, 690, 0.55)


MOTIFS: Final[dict[str, Callable[[Sheet], None]]] = {
    motif.__name__: motif
    for motif in (
        cup, salt, phin, sunrise, rain, roof, beans, cake, street, leaf, mountain, fire, kettle, orange, steam, window,
    )
}  # fmt: skip
ALTS: Final[dict[str, dict[str, str]]] = {
    "vi": {
        "cup": "Một ly cà phê nóng bốc khói trên đĩa", "salt": "Ly cà phê muối ba lớp: kem, cà phê, đáy đậm",
        "phin": "Phin nhôm nhỏ giọt xuống ly", "sunrise": "Mặt trời lên sau dãy nhà phố", "rain": "Mái hiên quán dưới mưa",
        "roof": "Mái ngói âm dương buổi chiều", "beans": "Hạt cà phê nhiều độ rang", "cake": "Bốn cái bánh gừng trên đĩa",
        "street": "Dãy nhà phố có mái nhọn",
    },
    "zh": {
        "leaf": "三片茶叶", "mountain": "远近三重茶山，山上有太阳", "fire": "一只小炭炉，火正旺", "kettle": "冒着热气的铁壶",
        "orange": "切开的橘子", "steam": "一杯热茶的水汽", "window": "窗台上的茶杯，窗外是落日",
    },
}  # fmt: skip


def draw(motif: str, brand: str) -> bytes:
    """The picture as JPEG bytes. Raises KeyError for an unknown motif or brand."""
    sheet = Sheet(PALETTES[brand])
    MOTIFS[motif](sheet)
    return sheet.jpeg()


def alt_of(motif: str) -> str:
    return next((words[motif] for words in ALTS.values() if motif in words), "")
