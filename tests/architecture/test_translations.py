"""Law 9: every text a person reads stands in all three languages, and is truly translated."""

from __future__ import annotations

import re

import pytest
import regex
from babel.messages.catalog import Catalog

from bin.lib import translate

ROOT = translate.ROOT / "kitestring"


@pytest.fixture(scope="module")
def found() -> Catalog:
    return translate.template()


@pytest.mark.parametrize("language", translate.LANGUAGES)
def test_every_text_is_translated(language: str, found: Catalog) -> None:
    faults = sorted(translate.faults(language, found, translate.stored(language)))
    told = "\n".join(f"  {fault}" for fault in faults[:200])
    assert not faults, (
        f"{len(faults)} of {len(found)} texts:\n{told}\n\n"
        f"The right form: run `bin/translate`, then fill kitestring/locale/{language}/LC_MESSAGES/django.po; "
        "placeholders such as %(n)s and tags stay as they are, no `fuzzy` marks."
    )


# The mark stands on the first of the two vowels: one word is written one way on every page ("Hủy", "Xóa").
OTHER_WAY = regex.compile(r"(?<![qQ])(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)")


def test_vietnamese_words_are_written_in_one_way() -> None:
    files = [ROOT / "locale/vi/LC_MESSAGES/django.po", *sorted(ROOT.rglob("*.toml"))]
    found = {file.name: OTHER_WAY.findall(file.read_text("utf-8")) for file in files}
    assert {name: words for name, words in found.items() if words} == {}
    assert OTHER_WAY.search("huỷ")
    assert not OTHER_WAY.search("quý toàn hoàn")


def test_texts_are_found_in_python_and_templates(found: Catalog) -> None:
    places = {place for message in found for place, _ in message.locations}
    assert any(place.endswith(".py") for place in places)
    assert any(place.endswith(".html") for place in places)


def _faults(source: str, said: str, *, fuzzy: bool = False) -> list[str]:
    template, kept = Catalog(), Catalog(locale="vi")
    template.add(source)
    if said:
        kept.add(source, said, flags=["fuzzy"] if fuzzy else [])
    return [fault.wrong for fault in translate.faults("vi", template, kept)]


def test_the_law_sees_what_is_missing_guessed_or_copied() -> None:
    assert _faults("Schedule", "") == ["is missing"]
    assert _faults("Schedule", "Lên lịch", fuzzy=True) == ["is only guessed (fuzzy)"]
    assert _faults("Ask for approval before noon", "Ask for approval before noon")
    assert _faults("Schedule", "Lên lịch") == []


def test_the_law_compares_placeholders_and_tags() -> None:
    assert _faults("%(n)s posts", "%(m)s bài") != []
    assert _faults("<b>%(n)s</b> posts", "%(n)s bài") != []
    assert _faults("%(n)s posts in %(place)s", "%(place)s: %(n)s bài") == []


def test_vietnamese_sets_its_marks_in_one_way() -> None:
    """hủy, xóa, tùy: not huỷ, xoá, tuỳ, which read as another hand on the same page."""
    other = re.compile(r"(?:o[àáảãạ]|u[ỳýỷỹỵ])(?![\w])", re.IGNORECASE)
    kept = re.compile(r"qu[ỳýỷỹỵ]", re.IGNORECASE)
    said = [form for message in translate.stored("vi") for form in _forms(message.string)]
    wrong = [form for form in said if other.search(kept.sub("", form))]
    assert not wrong, "\n".join(wrong)


def test_chinese_is_set_in_one_way() -> None:
    """No blank beside Chinese: the stylesheet sets the gap. One stands between a day and its hour; mails have no stylesheet."""
    blank = re.compile(r"[一-鿿。，：；！？）] (?!→|%\((?:time|hour)\))|(?<!→) [一-鿿（]|[一-鿿] ?\(")
    said = [form for message in translate.stored("zh_Hans") for form in _forms(message.string)]
    wrong = [form for form in said if "\n" not in form and " = " not in form and blank.search(form)]
    assert not wrong, "\n".join(wrong)


def test_vietnamese_counts_as_managers_write_it() -> None:
    """3/5, not “3 trên 5”."""
    said = [form for message in translate.stored("vi") for form in _forms(message.string)]
    other = re.compile(r"%\((?!state)\w+\)s trên %\((?:of|all|n|m|told|posts|goal|limit)\)s(?! tài khoản)")
    wrong = [form for form in said if other.search(form)]
    assert not wrong, "\n".join(wrong)


def _forms(string: str | tuple[str, ...] | list[str]) -> list[str]:
    return [string] if isinstance(string, str) else list(string)
