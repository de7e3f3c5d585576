"""Before the line: the first owner, the members, the accounts, all through the pages."""

from __future__ import annotations

import re

from kitestring.connectorkit import registry
from kitestring.sandbox.once import queries
from kitestring.sandbox.once.door import Door, WrongAnswer
from kitestring.sandbox.once.stage import Stage
from kitestring.sandbox.presences import PRESENCES

PASSWORD = "kite-string-26"  # noqa: S105 - of an instance that lives two minutes
PEOPLE = (
    ("quan", "Minh Quân", "editor", "vi"), ("lan", "Lan", "approver", "en"), ("zhou", "周明珊", "manager", "zh-hans"),
    ("tuan", "Anh Tuấn", "analyst", "en"), ("lin", "林总", "stakeholder", "zh-hans"),
)  # fmt: skip


def email_of(key: str) -> str:
    return f"{key}@once.example"


def open_house(stage: Stage) -> str:
    """The empty instance gets its owner and brand; five people join by their links, one in every other role."""
    owner = Door(stage.base, "Lê Thu Hà")
    owner.get("/welcome/")
    owner.post(
        "/welcome/",
        {
            "name": owner.name, "email": email_of("ha"), "password": PASSWORD, "language": "en",
            "workspace_name": "Gió Nam Studio", "brand_name": "Hiên Cà Phê", "brand_language": "vi",
            "timezone": "Asia/Ho_Chi_Minh", "zone_guess": "",
        },
    )  # fmt: skip
    stage.doors["ha"] = owner
    for key, name, role, language in PEOPLE:
        form = {"email": email_of(key), "role": role, "language": language}
        page = owner.post("/settings/members/", form)
        link = re.search(r"/join/[\w-]+/", page.text)
        if link is None:
            raise WrongAnswer(f"The page of members shows no link for {name}.")
        door = Door(stage.base, name)
        door.get(link[0])
        door.post(link[0], {"name": name, "password": PASSWORD})
        stage.doors[key] = door
    return f"owner and {len(PEOPLE)} members joined by their links, one in every role"


def connect_accounts(stage: Stage) -> str:
    """An account on every channel that the demo's brands speak on, by what a person would type on its page."""
    named, spoken = [], {presence.channel for presence in PRESENCES}
    for slug, connector in registry.connectors().items():
        if slug not in spoken:
            continue
        if slug in stage.real:
            answers = stage.real[slug].answers
        elif connector.emulator is not None:
            answers = connector.emulator.answers(stage.where.base(slug), "hien-ca-phe")
        else:
            answers = {asked.key: "Hiên Cà Phê" for asked in connector.manifest.auth.fields}
        stage.doors["ha"].post(f"/settings/accounts/add/{slug}/", answers)
        named.append(f"{slug} (real)" if slug in stage.real else slug)
    found = queries.accounts()
    missing = sorted(spoken - set(found))
    if missing:
        raise WrongAnswer(f"No account was kept on {', '.join(missing)}.")
    stage.ids["brand"] = next(iter(found.values())).brand_id
    return f"accounts on {', '.join(named)}"
