"""Posts as brands write them, held against all packs at once: what must be said is said, and of the rest nothing is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from kitestring.rulepacks import lint, rules
from kitestring.rulepacks.folding import canonical
from kitestring.rulepacks.model import Part, Sample

HERE = Path(__file__).parent / "posts"


class Tried(Sample):
    """A sample of a pack, with the rule it is for and where it goes, if not where its file says."""

    rule: str = ""
    channels: tuple[str, ...] = ()


class Posts(Part):
    """A file of posts in one language."""

    countries: tuple[str, ...]
    languages: tuple[str, ...]
    channels: tuple[str, ...]
    hits: Annotated[tuple[Tried, ...], Field(min_length=20)]
    misses: Annotated[tuple[Tried, ...], Field(min_length=20)]


FILES = {
    path.stem: Posts.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in HERE.glob("*.toml")
}


def said(file: Posts, post: Tried) -> list[tuple[str, str]]:
    """(rule, words) of everything that all packs say of it."""
    hits = lint(
        post.text,
        channels=post.channels or file.channels,
        countries=file.countries,
        languages=file.languages,
        facts=post.facts,
    )
    return [(hit.rule, hit.words) for hit in hits]


@pytest.mark.parametrize("language", ["zh", "vi", "en"])
def test_what_must_be_said_is_said(language: str) -> None:
    file = FILES[language]
    for post in file.hits:
        found = said(file, post)
        assert post.rule in rules(), post
        words = [words for rule, words in found if rule == post.rule]
        assert words, f"{post.rule} does not hit {post.text}; found {found}"
        wanted = [post.words] if isinstance(post.words, str) else post.words
        assert {canonical(one) for one in wanted if one} <= set(words), f"{words} in {post.text}"


@pytest.mark.parametrize("language", ["zh", "vi", "en"])
def test_nothing_is_said_of_an_ordinary_post(language: str) -> None:
    file = FILES[language]
    for post in file.misses:
        assert said(file, post) == [], post.text
