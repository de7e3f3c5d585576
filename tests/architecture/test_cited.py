"""What the pages for managers and operators cite stands on the product's pages, letter by letter: a renamed button shows."""

from __future__ import annotations

import pytest

from bin.lib import translate
from tests.architecture.laws.cited import Said, cited, english_of
from tests.architecture.laws.tree import matching


@pytest.fixture(scope="module")
def said() -> Said:
    texts: list[str] = []
    for message in translate.template():
        if message.id:
            texts += [message.id] if isinstance(message.id, str) else message.id
    for _, toml in matching(".toml", under="kitestring/"):
        texts += english_of(toml)
    return Said(texts)


@pytest.mark.parametrize("room", ["docs/managers/", "docs/operators/"])
def test_what_is_cited_is_there(room: str, said: Said) -> None:
    strange = [
        f"{path}: *{words}*"
        for path, page in matching(".md", under=room)
        for words in cited(page)
        if words not in said
    ]
    told = "\n".join(f"  {line}" for line in strange)
    assert not strange, (
        f"no page of the product says:\n{told}\n\nThe right form: italics (and bold that begins with a capital) only for "
        "the product's own words, as they stand in a template or a manifest; `...` for what stands in a placeholder."
    )


def test_the_law_reads_names_and_leaves_stress() -> None:
    page = "Press *Check now*, or **Hide**.\n\n    *code*\n\nIt is **no advice**; see *Settings › Record*, `*x*`."
    assert list(cited(page)) == ["Check now", "Hide", "Settings", "Record"]


def test_the_law_knows_what_is_not_said() -> None:
    said = Said(
        [
            "Check now",
            "Post it as a thread of %(n)s",
            "Tells us at once when somebody writes: yes, since %(when)s.",
            "%(n)s s",
        ]
    )
    assert "Check now" in said
    assert "check now" in said
    assert "Post it as a thread of 3" in said
    assert "Tells us at once when somebody writes: yes, since ..." in said
    for gone in (
        "Check",
        "Look now",
        "Post it as a chain of 3",
        "Tells us at once when somebody writes: no, ...",
        "4 s",
    ):
        assert gone not in said


def test_the_law_reads_every_english_text() -> None:
    toml = 'label = { en = "Post", vi = "Bài" }\n[[kinds]]\nchoices = [ { label = { en = "All" } } ]'
    assert list(english_of(toml)) == ["Post", "All"]
