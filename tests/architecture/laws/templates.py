"""Pages are plain: templates parse, carry no code of their own, and say why where they trust a text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import Source, dotted

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)
HANDLER = re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)
SAFE = re.compile(r"\|\s*safe\b|\bMarkup\(|\{%-?\s*autoescape\s+false")
REASON = re.compile(r"\{#-?\s*safe:\s*\S.{7,}")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
RENDERS = {"render", "render_to_string", "get_template", "TemplateResponse"}
STYLE = re.compile(r"<style\b", re.IGNORECASE)
COLON = re.compile(r"[}%]\}: ")


def broken(files: Iterable[tuple[str, str]], environment: Environment) -> Iterator[Finding]:
    """Templates that Jinja2 cannot parse."""
    for path, text in files:
        try:
            environment.parse(text)
        except TemplateSyntaxError as error:
            yield Finding(path, error.lineno, f"does not parse: {error.message}")


def with_code(files: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Scripts with a body, event attributes, javascript: addresses, style elements."""
    for path, text in files:
        for found in SCRIPT.finditer(text):
            data = "application/json" in found[1] or "importmap" in found[1]
            if found[2].strip() and not data:
                yield Finding(path, _line(text, found.start()), "has a script with code in it")
        for pattern, wrong in (
            (HANDLER, "has an event attribute"),
            (STYLE, "has a style element"),
            (re.compile(r"[\"']javascript:"), "has a javascript: address"),
            (re.compile(r"\bhx-on[:=]|\bhx-vals\s*=\s*[\"']js:"), "has code in an htmx attribute"),
        ):
            for found in pattern.finditer(COMMENT.sub(_blank, text)):
                yield Finding(path, _line(text, found.start()), wrong)


def trusting(files: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """`|safe` on a line that neither says why nor follows one that does."""
    for path, text in files:
        before = ""
        for number, line in enumerate(text.splitlines(), start=1):
            if SAFE.search(line) and not (REASON.search(line) or REASON.search(before)):
                yield Finding(path, number, "trusts a text without saying why")
            before = line


def with_colons(files: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """A colon right after a value: Chinese has one of its own, without a space."""
    for path, text in files:
        for found in COLON.finditer(COMMENT.sub(_blank, text)):
            yield Finding(path, _line(text, found.start()), "has a colon of its own between two texts")


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def named(tree: nodes.Template) -> Iterator[str]:
    """Names in extends, include, import and from, as far as they are written out."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        name = node.template
        if isinstance(name, nodes.Const) and not getattr(node, "ignore_missing", False):
            yield str(name.value)


def rendered(source: Source) -> Iterator[str]:
    """Names given to `render(request, "...")` and `render_to_string("...")` in our Python, tests aside."""
    if source.is_test:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in RENDERS:
            for value in node.args[:2]:
                if isinstance(value, ast.Constant) and str(value.value).endswith((".html", ".txt")):
                    yield str(value.value)
