"""A dataclass that holds a token or a password leaves it out of its repr: a repr ends in a log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "kitestring"
SECRETS = {"token", "secret", "password", "secrets", "access_token", "refresh_token", "app_secret", "api_key"}
# An address, called as the standard calls it.
ADDRESSES = {("identity.py", "Authority", "token")}


def _is_dataclass(node: ast.ClassDef) -> bool:
    return any("dataclass" in ast.unparse(one) for one in node.decorator_list)


def shown(path: Path) -> Iterator[str]:
    """Fields of this file's dataclasses that hold a secret and are printed."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.ClassDef) and _is_dataclass(node)):
            continue
        for line in node.body:
            if not (isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)):
                continue
            name, kept = line.target.id, (path.name, node.name, line.target.id) in ADDRESSES
            if name in SECRETS and not kept and "repr=False" not in ast.unparse(line):
                yield f"{path.relative_to(path.parents[1])}: {node.name}.{name}"


def test_no_secret_is_printed() -> None:
    found = [
        one
        for folder in ("connectors", "providers", "connectorkit")
        for path in (ROOT / folder).rglob("*.py")
        if not {"tests", "emulated"} & set(path.parts) and path.name != "emulator.py"
        for one in shown(path)
    ]
    assert not found, "say field(repr=False):\n" + "\n".join(found)


def test_the_rule_sees_what_it_forbids(tmp_path: Path) -> None:
    file = tmp_path / "client.py"
    file.write_text("@dataclass(frozen=True)\nclass Bot:\n    base: str\n    token: str\n")
    assert [one.rpartition(": ")[2] for one in shown(file)] == ["Bot.token"]
