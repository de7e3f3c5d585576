"""Something sound to publish, and something wrong in each way, made from a manifest's limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from PIL import Image

from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.counting import measure
from kitestring.connectorkit.manifest import PublishKind, TextLimit
from kitestring.kit import clock
from kitestring.kit.ids import uuid7

TEXT = "Trà sen mùa thu, 新茶到店. Xem https://vidu.example/tra nhé"
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "GIF"}
LARGEST_MADE = 3_000_000  # letters; a limit beyond that is not tried


def fitting(text: str, limit: TextLimit) -> str:
    """The text, shortened until it keeps the limit."""
    while text and not measure(text, limit).fits:
        text = text[:-1].rstrip()
    return text


def outgoing(kind: PublishKind, folder: Path, *, text: str = TEXT, pictures: int | None = None) -> Outgoing:
    """One duty that the kind takes; with as many pictures as it requires, or as asked."""
    wanted = pictures if pictures is not None else int(bool(kind.media and kind.media.required))
    return Outgoing(
        key=uuid7(),
        stamp=clock.now(),
        kind=kind.key,
        text=fitting(text, kind.text),
        title=fitting("Trà sen 新茶", kind.title) if kind.title else "",
        language="vi",
        media=tuple(picture(kind, folder, number) for number in range(wanted)),
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
    """Whether this kind takes a picture of a format we can make."""
    media = kind.media
    return bool(media and media.count and (not media.mimes or _mime(kind)))


def _mime(kind: PublishKind) -> str:
    allowed = kind.media.mimes if kind.media else ()
    return next((mime for mime in FORMATS if not allowed or mime in allowed or "image/*" in allowed), "")


def picture(kind: PublishKind, folder: Path, number: int = 0) -> Media:
    """A small real picture of a format the kind takes."""
    mime = _mime(kind)
    path = folder / f"picture-{number}.{FORMATS[mime].lower()}"
    Image.new("RGB", (320, 240), (40 + 20 * number, 80, 60)).save(path, FORMATS[mime])
    data = path.read_bytes()
    return Media(path, mime, len(data), sha256(data).hexdigest(), "Một tách trà", 320, 240)


def refused(kind: PublishKind, folder: Path) -> Iterator[tuple[str, Outgoing]]:
    """(field, a duty wrong in just that) for everything the manifest limits."""
    sound = outgoing(kind, folder)
    if kind.text.limit < LARGEST_MADE:
        yield "text", replace(sound, text="茶 " * (kind.text.limit + 1))
    if kind.text.required:
        yield "text", replace(sound, text=" \n ")
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
    if not takes_pictures(kind):
        return
    limits = kind.media
    if limits is None:
        return
    one = picture(kind, folder)
    yield "media", replace(sound, media=(one,) * (limits.count + 1))
    if limits.mimes:
        yield "media.0", replace(sound, media=(replace(one, mime="application/x-lying"),))
    most = limits.bytes_by_mime.get(one.mime, limits.bytes)
    if most is not None:
        yield "media.0", replace(sound, media=(replace(one, size=most + 1),))
    if limits.side is not None:
        yield "media.0", replace(sound, media=(replace(one, width=limits.side + 1),))
    if limits.alt is not None:
        yield "media.0.alt", replace(sound, media=(replace(one, alt="x" * (limits.alt + 1)),))
