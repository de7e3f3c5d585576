"""Who is there, and the words they have: read from the two files beside this one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

HERE: Final = Path(__file__).parent
FALLBACK: Final = "en"
# Of ten who say something: how many ask, complain, praise, or just talk.
MEANINGS: Final = {"question": 4.0, "praise": 3.0, "remark": 2.0, "complaint": 1.0}


@dataclass(frozen=True)
class Person:
    """Somebody of the audience. `stance` says how they stand to the brand, `followers` whom a reshare reaches."""

    id: str
    name: str
    language: str
    stance: str = "customer"
    followers: int = 100
    weight: float = 1.0


@cache
def people(language: str) -> tuple[Person, ...]:
    """Everybody who speaks `language` ("vi", "zh", anything else: English)."""
    read = tomllib.loads((HERE / "people.toml").read_text("utf-8"))
    known = language if language in read else FALLBACK
    return tuple(Person(language=known, **row) for row in read[known])


@cache
def voices(language: str) -> dict[str, list[str]]:
    """What is said in `language`, by what is meant."""
    read: dict[str, Any] = tomllib.loads((HERE / "voices.toml").read_text("utf-8"))
    return dict(read.get(language) or read[FALLBACK])


def meaning_of(person: Person, chance: Random) -> str:
    """What this person turns up for: partners, rivals and trolls speak as such."""
    if person.stance in ("troll", "partner", "rival"):
        return person.stance
    return chance.choices(list(MEANINGS), list(MEANINGS.values()))[0]
