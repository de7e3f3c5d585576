"""Before the line: the first owner, the members, the accounts, all through the pages."""

from __future__ import annotations

import asyncio
import html
import re
from urllib.parse import urlencode

from kitestring.connectorkit import registry
from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.rules import provider_of
from kitestring.sandbox.once import queries
from kitestring.sandbox.once.door import Door, WrongAnswer
from kitestring.sandbox.once.stage import Stage

LOGIN = "hien-ca-phe"
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
    """An account on every channel there is: by what is typed on its page, or by its consent page and back."""
    named = []
    for slug, connector in registry.connectors().items():
        if slug in stage.real:
            stage.doors["ha"].post(f"/settings/accounts/add/{slug}/", stage.real[slug].answers)
        elif connector.consent is not None:
            agree(stage, connector)
        else:
            stage.doors["ha"].post(f"/settings/accounts/add/{slug}/", typed(stage, connector))
        named.append(f"{slug} (real)" if slug in stage.real else slug)
    found = queries.accounts()
    missing = sorted(set(registry.connectors()) - set(found))
    if missing:
        raise WrongAnswer(f"No account was kept on {', '.join(missing)}.")
    stage.ids["brand"] = next(iter(found.values())).brand_id
    by_consent = sum(one.consent is not None for one in registry.connectors().values())
    return f"{len(named)} accounts, {by_consent} of them by consent: {', '.join(named)}"


def typed(stage: Stage, connector: Connector) -> dict[str, str]:
    """What a person would type on the channel's page."""
    if connector.emulator is None:
        return {asked.key: "Hiên Cà Phê" for asked in connector.manifest.auth.fields}
    return dict(connector.emulator.answers(stage.where.base(connector.manifest.slug), LOGIN))


def agree(stage: Stage, connector: Connector) -> None:
    """The operator's app keys, the way out, a yes there, the way back; of several accounts found, the first."""
    slug, owner = connector.manifest.slug, stage.doors["ha"]
    if connector.emulator is None:
        raise WrongAnswer(f"{slug} asks for consent, and nobody plays it.")
    app = connector.emulator.app(stage.where.base(slug))
    owner.post(f"/settings/accounts/apps/{provider_of(connector.manifest)}/", app)
    page = owner.post(f"/settings/accounts/add/{slug}/", typed(stage, connector))
    lead = re.search(rf'href="({re.escape(stage.where.base(slug))}[^"]*)"', page.text)
    if lead is None:
        raise WrongAnswer(f"The page for {slug} does not lead out to its consent page.")
    told = asyncio.run(say_yes(html.unescape(lead[1]), LOGIN))
    came = owner.get(f"/settings/accounts/back/?{urlencode(told)}")
    if "/found/" in came.path:
        offered = re.findall(r'name="account" value="([^"]+)"', came.text)
        owner.post(came.path, {"account": html.unescape(offered[0])})
