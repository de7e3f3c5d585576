"""The global `ui`: every macro of ui/components/*.html by its name, so that pages import nothing."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, TemplateRuntimeError

FOLDER = "ui/components/"
FILES = ("controls", "forms", "lists", "states", "numbers", "floats")


class Components:
    """Looks a macro up at first use; templates are compiled once per process."""

    def __init__(self, env: Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        for file in FILES:
            module = self._env.get_template(f"{FOLDER}{file}.html").module
            macro = getattr(module, name, None)
            if macro is not None:
                return macro
        raise TemplateRuntimeError(f"No component ui.{name}; docs/contributors/interface.md lists them.")
