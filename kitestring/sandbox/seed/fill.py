"""Fills the instance with the demo world, once: people, brands, accounts, plans, history, talks, numbers, future."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from kitestring.domains.publishing.actions.uploads import forget_over
from kitestring.domains.workspaces.models import Language, Member
from kitestring.kit.clock import now
from kitestring.sandbox.addresses import Addresses, addresses, folder, is_free
from kitestring.sandbox.audience.crowd import Crowd
from kitestring.sandbox.emulated import all_emulated
from kitestring.sandbox.running import running_aside
from kitestring.sandbox.seed import queries
from kitestring.sandbox.seed.accounts import connect_all, speaking_to
from kitestring.sandbox.seed.audiences import write_audiences
from kitestring.sandbox.seed.desk import Desk
from kitestring.sandbox.seed.future import write_future
from kitestring.sandbox.seed.history import withdraw_one, write_history
from kitestring.sandbox.seed.numbers import write_numbers
from kitestring.sandbox.seed.papers import write_papers
from kitestring.sandbox.seed.people import PASSWORD, open_house
from kitestring.sandbox.seed.plans import write_plans
from kitestring.sandbox.seed.rounds import write_rounds
from kitestring.sandbox.seed.talks import write_talks

SEED = 1


class SandboxRuns(Exception):
    """The sandbox is running: what is written beside it would be written over."""


@dataclass(frozen=True)
class Login:
    """Who signs in, as what, and in which language they read."""

    name: str
    role: str
    language: str
    email: str
    password: str


def is_there() -> bool:
    """Whether the instance holds a demo world."""
    return bool(queries.demo_workspaces())


def logins() -> list[Login]:
    """The demo's people in the order in which they joined."""
    return [_login(member) for member in queries.demo_members()]


def _login(member: Member) -> Login:
    return Login(
        member.name, str(member.role), str(Language(member.language).label), member.user.email, PASSWORD
    )


@transaction.atomic
def fill(home: Path, *, seed: int = SEED, say: Callable[[str], None] = lambda stage: None) -> None:
    """Make the demo world in the instance of the data folder `home`, all or nothing, naming each stage as it begins.

    Raises SandboxRuns.
    """
    where = addresses(home)
    _refuse_running(where)
    _forget_platforms(home)
    channels = all_emulated(home, where)
    crowd = Crowd(channels, seed=seed)
    at, newest = now(), queries.newest_job()
    with running_aside(channels, where), speaking_to(where):
        say("people, brands and accounts")
        house = open_house(at)
        accounts = connect_all(house.members["ha"], house.brands, where)
        desk = Desk(at, house, accounts, channels, crowd)
        say("briefs, ideas and campaigns")
        write_plans(desk)
        say("three months of posts")
        past = write_history(desk)
        withdraw_one(desk, past, accounts["hien", "bluesky"][0])
        say("three weeks ahead")
        write_future(desk, past)
        write_rounds(desk)
        forget_over()  # what went up with the past is over, as a sweep would have found
        say("conversations")
        write_talks(desk, past)
        say("numbers")
        write_numbers(desk, past)
        write_audiences(desk)
        queries.count_rows()
        say("reports")
        write_papers(desk)
        for one in channels.values():
            one.changed = True
    queries.forget_jobs(newest)


def empty(home: Path) -> int:
    """Delete the demo world and nothing else; how many workspaces went. Raises SandboxRuns."""
    where = addresses(home)
    _refuse_running(where)
    gone = queries.empty()
    _forget_platforms(home)
    return gone


def _refuse_running(where: Addresses) -> None:
    if not all(is_free(port) for port in where.ports.values()):
        raise SandboxRuns


def _forget_platforms(home: Path) -> None:
    """The emulated channels begin anew; their addresses stay."""
    for file in folder(home).glob("*.json"):
        if file.name != "addresses.json":
            file.unlink()
