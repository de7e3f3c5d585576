"""Draws every declared state graph into docs/contributors/delivery-states.md, from the models themselves."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "contributors" / "delivery-states.md"
HEAD = """# States and arrows

Made by `bin/draw-states` from the graphs on top of the models; a test fails when this page is not current. Work is a row
with a declared graph: a move that has no arrow here is an error. Why each arrow is there: the ledger in publishing's models.
"""


def sections() -> Iterator[str]:
    """One section a model with a graph: its picture, then its arrows as a table."""
    for model in sorted(apps.get_models(), key=lambda model: model.__name__):
        graph = getattr(importlib.import_module(model.__module__), "GRAPH", None)
        names = {field.name for field in model._meta.get_fields()}
        if graph is None or "state" not in names or not model.__module__.startswith("kitestring."):
            continue
        rows = [f"| {a.source} | {a.event} | {', '.join(a.targets)} |" for a in graph.arrows]
        yield "\n".join(
            [
                f"## {model.__name__}\n",
                "```mermaid",
                graph.mermaid(),
                "```\n",
                "| from | event | to |",
                "|---|---|---|",
                *rows,
            ]
        )


def page() -> str:
    return HEAD + "\n" + "\n\n".join(sections()) + "\n"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitestring.config.settings")
    os.environ.setdefault("KITESTRING_SECRET_KEY", "only-for-drawing")
    django.setup()
    TARGET.write_text(page(), "utf-8")
    sys.stdout.write(f"{TARGET.relative_to(ROOT)} written\n")


if __name__ == "__main__":
    main()
