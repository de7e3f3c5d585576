"""Something sound to publish, and something wrong in each way, made from a manifest's limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kitestring.connectorkit.conformance.files import files, takes_files, wrong
from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.counting import measure
from kitestring.connectorkit.manifest import PublishKind, TextLimit
from kitestring.kit import clock
from kitestring.kit.ids import uuid7

TEXT = "Trà sen mùa thu, 新茶到店. Xem https://vidu.example/tra nhé"
LARGEST_MADE = 3_000_000  # letters; a limit beyond that is not tried


def fitting(text: str, limit: TextLimit) -> str:
    """The text, shortened until it keeps the limit."""
    while text and not measure(text, limit).fits:
        text = text[:-1].rstrip()
    return text


def enough(text: str, limit: TextLimit) -> str:
    """The text, said again until it is as long as the limit asks for."""
    said = text
    while limit.least and measure(said, limit).count < limit.least:
        said = f"{said}\n\n{text}"
    return said


def outgoing(kind: PublishKind, folder: Path, *, text: str = TEXT, pictures: int | None = None) -> Outgoing:
    """One duty that the kind takes; with as many files as it requires, or as asked: pictures, where it takes such."""
    wanted = pictures if pictures is not None else int(bool(kind.media and kind.media.required))
    return Outgoing(
        key=uuid7(),
        stamp=clock.now(),
        kind=kind.key,
        text=fitting(enough(text, kind.text), kind.text),
        title=fitting("Trà sen 新茶", kind.title) if kind.title else "",
        language="vi",
        media=files(kind, folder, wanted),
        options=settled(kind),
    )


def settled(kind: PublishKind) -> dict[str, str]:
    """Something sound for every setting that the kind asks for."""
    told = {}
    for option in kind.options:
        first = option.choices[0].value if option.choices else "sample"
        if value := option.default or (first if option.required else ""):
            told[option.key] = value
    return told


def takes_pictures(kind: PublishKind) -> bool:
    """Whether this kind takes a file of a format we can make: a picture, or a video."""
    return takes_files(kind)


def refused(kind: PublishKind, folder: Path) -> Iterator[tuple[str, Outgoing]]:
    """(field, a duty wrong in just that) for everything the manifest limits."""
    sound = outgoing(kind, folder)
    if kind.text.limit < LARGEST_MADE:
        yield "text", replace(sound, text="茶 " * (kind.text.limit + 1))
    if kind.text.required:
        yield "text", replace(sound, text=" \n ")
    # A picture's mark: in an article it must name a file of the post, elsewhere readers would see it.
    yield "text", replace(sound, text="![](file:gone)")
    if kind.text.least:
        yield "text", replace(sound, text="茶", media=())
    if kind.title and kind.title.required:
        yield "title", replace(sound, title="")
    if kind.title and kind.title.limit < LARGEST_MADE:
        yield "title", replace(sound, title="茶" * (kind.title.limit * 2 + 2))
    if kind.media and kind.media.required:
        yield "media", replace(sound, media=())
    for option in kind.options:
        rest = {key: value for key, value in sound.options.items() if key != option.key}
        if option.required and not option.default:
            yield f"options.{option.key}", replace(sound, options=rest)
        if option.choices:
            yield f"options.{option.key}", replace(sound, options={**rest, option.key: "never-a-choice"})
        if option.limit is not None:
            yield (
                f"options.{option.key}",
                replace(sound, options={**rest, option.key: "茶" * (option.limit + 1)}),
            )
    for field, media in wrong(kind, folder):
        yield field, replace(sound, media=media)
