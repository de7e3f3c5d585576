"""The demo's workspace, its people and its two brands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import make_password

from kitestring.domains.brands.actions.add_brand import add_brand
from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member, Role, User, Workspace
from kitestring.sandbox.seed.queries import backdate

PASSWORD: Final = "kite-string-26"  # noqa: S105 - printed on the screen; a demo holds nothing
WORKSPACE: Final = "Gió Nam Studio"


@dataclass(frozen=True)
class Face:
    """One person of the demo: how they sign in and how they read."""

    key: str
    name: str
    title: str
    role: Role
    language: str


FACES: Final = (
    Face("ha", "Lê Thu Hà", "Social media lead", Role.OWNER, "en"),
    Face("zhou", "周明珊", "社媒主管", Role.MANAGER, "zh-hans"),
    Face("quan", "Minh Quân", "Người viết", Role.EDITOR, "vi"),
    Face("lan", "Lan", "Brand manager", Role.APPROVER, "en"),
    Face("tuan", "Anh Tuấn", "Phân tích", Role.ANALYST, "vi"),
    Face("lin", "林总", "青岚茶事总经理", Role.STAKEHOLDER, "zh-hans"),
)


@dataclass(frozen=True)
class House:
    """The demo workspace: its members by key, its brands by key."""

    workspace: Workspace
    members: dict[str, Member]
    brands: dict[str, Brand]


def email_of(key: str) -> str:
    return f"{key}@demo.example"


def open_house(at: datetime) -> House:
    """Workspace, members and brands, as if opened three months before `at`."""
    workspace = Workspace(name=WORKSPACE, is_demo=True, created_at=at - timedelta(days=100))
    workspace.save(force_insert=True)
    hashed, members = make_password(PASSWORD), {}
    for number, face in enumerate(FACES):
        user = User(email=email_of(face.key), password=hashed)
        user.save(force_insert=True)
        member = Member(
            workspace=workspace,
            user=user,
            name=face.name,
            title=face.title,
            role=face.role,
            language=face.language,
            joined_at=at - timedelta(days=100 - number),
        )
        member.save(force_insert=True)
        members[face.key] = member
    owner = members["ha"]
    hien = add_brand(
        owner, name="Hiên Cà Phê", language="vi", timezone="Asia/Ho_Chi_Minh", colour="#7A4A2E", mark="H"
    )
    qinglan = add_brand(
        owner, name="青岚茶事", language="zh-hans", timezone="Asia/Shanghai", colour="#24423A", mark="青"
    )
    for brand in (hien, qinglan):
        backdate(brand, created_at=at - timedelta(days=100))
    return House(workspace, members, {"hien": hien, "qinglan": qinglan})
