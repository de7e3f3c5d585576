"""Finds every text a person reads and keeps the catalogues of zh_Hans and vi in step with the sources.

translate.py            find the texts, update the catalogues, compile them
translate.py compile    only compile what changed
translate.py missing    list what a catalogue lacks; exits 1 when there is any
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "kitestring" / "locale"
LANGUAGES = ("zh_Hans", "vi")
SOURCES = ("kitestring", "frontend/src")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    # The names the sources give to gettext_noop and gettext_lazy where `_` is taken.
    "N": None,
    "lazy": None,
}
# ASCII: a Chinese character right after "%d" is no part of it.
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd](?!\w)|\{(\w*)\}", re.ASCII)
TAG = re.compile(r"</?[a-z][a-z0-9]*")


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong with one text in one language."""

    language: str
    text: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.language}: {self.text!r} {self.wrong}"


def catalogue(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def template() -> Catalog:
    """All texts of the sources, with the files they stand in."""
    found = Catalog(project="Kitestring", charset="utf-8", fuzzy=False)
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    for source in SOURCES:
        if not (ROOT / source).is_dir():
            continue
        taken = extract_from_dir(
            ROOT / source, methods, options, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        )
        for name, _line, text, comments, context in taken:
            place = (f"{source}/{name}", 0)
            found.add(text, None, [place], auto_comments=comments, context=context)
    return found


def stored(language: str) -> Catalog:
    """The catalogue of a language as it stands in the tree; empty when there is none yet."""
    path = catalogue(language)
    if not path.exists():
        return Catalog(locale=language, project="Kitestring", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, found: Catalog) -> None:
    """Bring a catalogue in step: new texts are added empty, gone ones leave, none is guessed."""
    kept = stored(language)
    kept.update(found, no_fuzzy_matching=True, update_creation_date=False)
    path = catalogue(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, kept, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)


def compile_all() -> None:
    """Write the .mo beside each .po that is newer."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        made = path.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as file:
            texts = read_po(file, locale=path.parts[-3])
        # Written beside and moved: a running server never reads half a file.
        part = made.with_suffix(".part")
        with part.open("wb") as file:
            write_mo(file, texts)
        part.replace(made)


def faults(language: str, found: Catalog, kept: Catalog) -> Iterator[Fault]:
    """Texts that are missing, only guessed, copied, or whose placeholders and tags differ from the source's."""
    for message in found:
        if not message.id:
            continue
        text = message.id[0] if isinstance(message.id, tuple) else str(message.id)
        said = kept.get(message.id, message.context)
        wrong = _wrong(message, said)
        if wrong:
            yield Fault(language, text, wrong)


def _wrong(message: Message, said: Message | None) -> str:
    if said is None or not said.string or (isinstance(said.string, tuple | list) and not all(said.string)):
        return "is missing"
    if said.fuzzy:
        return "is only guessed (fuzzy)"
    # Of a plural's two forms the many is what a language with one form translates.
    source = str(message.id[-1] if isinstance(message.id, tuple) else message.id)
    for form in said.string if isinstance(said.string, tuple | list) else (said.string,):
        if _placeholders(source) != _placeholders(form):
            return f"has other placeholders: {form!r}"
        if sorted(TAG.findall(source)) != sorted(TAG.findall(form)):
            return f"has other tags: {form!r}"
        if form == source and len(re.findall(r"[A-Za-z]{3,}", PLACEHOLDER.sub("", source))) > 3:
            return "is the English text, copied"
    return ""


def _placeholders(text: str) -> list[str]:
    return sorted({found[0] for found in PLACEHOLDER.finditer(text.replace("%%", ""))})


def main() -> int:
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked == "compile":
        compile_all()
        return 0
    found = template()
    if asked != "missing":
        for language in LANGUAGES:
            update(language, found)
        compile_all()
    lacking = [fault for language in LANGUAGES for fault in faults(language, found, stored(language))]
    for fault in lacking:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(f"{len(found)} texts; {len(lacking)} to translate or mend\n")
    return 1 if asked == "missing" and lacking else 0


if __name__ == "__main__":
    sys.exit(main())
