"""Objects from hand-written SQL, for the few reads that every page makes.

Django builds and compiles a query anew each time, which costs five to ten times what PostgreSQL and the driver take
for a small read. A read made on every page may spell its statement out and still give whole objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model


class Columns:
    """All columns of `model` under the statement's `alias`, and the way back from a row to an object.

    Raises TypeError for a model with a column that Django converts on reading (JSON, sealed): those go the usual way.
    """

    def __init__(self, model: type[Model], alias: str) -> None:
        fields = model._meta.concrete_fields
        converted = [f.name for f in fields if hasattr(f, "from_db_value")]
        if converted:
            raise TypeError(f"{model.__name__} has columns that are converted on reading: {converted}")
        self.model = model
        self.names = [field.attname for field in fields]
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in fields)

    def of(self, row: Sequence[Any], start: int) -> Model:
        """The object whose columns begin at `start` of the row."""
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[start : start + len(self.names)])


@cache
def _plan(
    statement: str, models: tuple[tuple[str, type[Model]], ...]
) -> tuple[str, list[tuple[int, Columns]]]:
    """The finished statement, and where each model's columns begin in a row. Statements are constants: few are kept."""
    columns = {alias: Columns(model, alias) for alias, model in models}
    places, start = [], 0
    for one in columns.values():
        places.append((start, one))
        start += len(one.names)
    return statement.format(**{alias: one.sql for alias, one in columns.items()}), places


def rows(statement: str, *values: Any, **named: Any) -> list[tuple[Any, ...]]:
    """The rows of one statement; `values` fill its %s, or `named` its %(name)s."""
    with connection.cursor() as cursor:
        cursor.execute(statement, named or values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def objects(statement: str, *values: Any, **models: type[Model]) -> list[tuple[Any, ...]]:
    """One tuple of objects a row, in the order of `models`.

    `SELECT {m}, {w} FROM members m JOIN workspaces w ...` with `m=Member, w=Workspace`: each {alias} becomes that
    model's columns, and nothing else may be selected.
    """
    sql, places = _plan(statement, tuple(models.items()))
    return [tuple(columns.of(row, start) for start, columns in places) for row in rows(sql, *values)]
