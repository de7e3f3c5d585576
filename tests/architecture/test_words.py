"""The code of naming: the interface calls each thing by its one word."""

from __future__ import annotations

from bin.lib import translate
from tests.architecture.laws import words
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import ROOT

LIST = ROOT / "tests" / "architecture" / "words.toml"


def _texts() -> list[tuple[str, str]]:
    return [
        (message.locations[0][0], text)
        for message in translate.template()
        if message.id
        for text in (message.id if isinstance(message.id, tuple) else (str(message.id),))
    ]


def test_the_interface_uses_our_words() -> None:
    keep(
        words.misnamed(_texts(), words.read(LIST)),
        right="docs/glossary.md: one word for one thing. If the text truly means another thing, add the whole phrase to "
        "`spare` in tests/architecture/words.toml.",
    )


def test_the_law_sees_a_wrong_word_and_spares_a_phrase() -> None:
    listed = words.read(LIST)
    assert list(words.misnamed([("a", "Invite users to your organization")], listed))
    assert list(words.misnamed([("a", "Choose a platform")], listed))
    assert not list(words.misnamed([("a", "Your user name there")], listed))
    assert not list(words.misnamed([("a", "Sent by %(user)s")], listed))
    assert not list(words.misnamed([("a", "The account was disconnected")], listed))
