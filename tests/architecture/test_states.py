"""Law 6: states and arrows are declared beside the model, drawn into the docs, and nobody takes another way."""

from __future__ import annotations

import sys

import pytest
from django.apps import apps
from django.db.models import Model

from bin.lib import draw_states
from kitestring.kit.states import Arrow, Graph
from tests.architecture.laws import states
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import ROOT, Source, sources

ARBITERS = ("GRAPH",)
STATEFUL = [m for m in apps.get_models() if any(f.name == "state" for f in m._meta.get_fields())]
STATEFUL = [m for m in STATEFUL if m.__module__.startswith("kitestring.")]


@pytest.mark.parametrize("model", STATEFUL, ids=lambda model: model.__name__)
def test_a_model_with_states_declares_its_graph(model: type[Model]) -> None:
    graph = getattr(sys.modules[model.__module__], "GRAPH", None)
    assert isinstance(graph, Graph), (
        f"{model.__module__} needs `GRAPH = Graph(start, states, [Arrow(...), ...])` on top"
    )
    field = model._meta.get_field("state")
    assert {key for key, _ in field.flatchoices} == set(graph.states)
    assert field.default == graph.start


def test_there_are_models_with_states() -> None:
    assert {model.__name__ for model in STATEFUL} >= {"Delivery", "Approval"}


def test_whoever_moves_a_state_asks_the_graph() -> None:
    keep(
        states.moves_unasked(sources("kitestring/domains/"), ARBITERS),
        right="`GRAPH.check(row.state, target)` before `row.state = target`, or "
        "`.filter(state__in=GRAPH.sources(target)).update(state=target)`; 0 rows = too late, say so.",
    )


def test_sql_moves_along_declared_arrows() -> None:
    for model in STATEFUL:
        graph = getattr(sys.modules[model.__module__], "GRAPH", None)
        room = "/".join(model.__module__.split(".")[:3]) + "/"
        if graph is not None:
            others = {other._meta.db_table for other in STATEFUL if other is not model}
            keep(
                states.undeclared_in_sql(sources(room), graph, others),
                right="declare the arrow, or do not take it.",
            )


def test_the_graphs_are_drawn_into_the_docs() -> None:
    page = ROOT / "docs" / "contributors" / "delivery-states.md"
    assert page.read_text("utf-8") == draw_states.page(), "the page is not current: run bin/draw-states"


GRAPH = Graph("draft", ["draft", "sent"], [Arrow("draft", "send", ("sent",))])


def _in(text: str) -> list[Source]:
    return [Source("kitestring/domains/publishing/actions/a.py", text)]


def test_the_law_sees_a_move_that_asks_nobody() -> None:
    assert list(states.moves_unasked(_in("def f(row):\n    row.state = 'sent'"), ("GRAPH",)))
    assert list(states.moves_unasked(_in("def f(rows):\n    rows.update(state='sent')"), ("GRAPH",)))
    assert list(states.moves_unasked(_in("def f(row):\n    row.state, row.why = 'sent', ''"), ("GRAPH",)))
    asked = "def f(row):\n    GRAPH.check(row.state, 'sent')\n    row.state = 'sent'"
    assert not list(states.moves_unasked(_in(asked), ("GRAPH",)))


@pytest.mark.parametrize(
    ("statement", "breaks"),
    [
        ("UPDATE d SET state = 'sent' WHERE state = 'draft'", False),
        ("UPDATE d SET state = 'draft' WHERE state = 'sent'", True),
        ("UPDATE d SET state = 'sent' WHERE id = 1", True),
        ("UPDATE d SET state = CASE WHEN a THEN 'draft' ELSE 'draft' END WHERE state = 'sent'", True),
        ("UPDATE d SET state = 'draft' WHERE state = ANY(%(from)s::text[])", True),
        ("UPDATE d SET owner = 1, state = 'sent' WHERE id = 1 AND state IN ('draft', 'sent')", False),
    ],
)
def test_the_law_reads_sql(statement: str, breaks: bool) -> None:
    text = f'SQL = "{statement}"\nGIVEN = {{"from": ["sent"]}}'
    assert bool(list(states.undeclared_in_sql(_in(text), GRAPH))) is breaks


def test_the_law_reads_formatted_sql_as_a_whole() -> None:
    text = "SQL = f\"UPDATE d SET state = 'sent' {more} WHERE state = 'draft'\""
    assert not list(states.undeclared_in_sql(_in(text), GRAPH))


def test_the_law_reads_each_tables_moves_by_its_own_graph() -> None:
    text = "SQL = \"UPDATE d SET state = 'draft' WHERE state = 'sent'\""
    assert list(states.undeclared_in_sql(_in(text), GRAPH, {"e"}))
    assert not list(states.undeclared_in_sql(_in(text), GRAPH, {"d"}))
