"""Querysets that are built and compiled once and then only asked again with other values.

Django builds and compiles a queryset anew each time it is made, which costs five to ten times what PostgreSQL and the
driver take for a small read. A page that makes the same few reads for every reader keeps them: the ORM stays the one
place where the read is written, and the page pays for the read alone. For a statement written by hand see `rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)
Value = UUID | datetime | date
LONG_AGO: Final = datetime(1, 2, 3, tzinfo=UTC)


class Kept(Generic[M]):
    """`build(*shape, *values)` gives the queryset. A call with (shape, *values) gives what it finds, as a list.

    `shape` is what may change the statement (a role); `values` only fill it: ids, moments and days. Each shape is built once,
    with stand-ins for the values. Raises TypeError where `build` puts in an id or a moment of its own making, which
    would be asked for again in every later call.
    """

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._plans: dict[Hashable, _Plan | None] = {}

    def __call__(self, shape: Sequence[Hashable], *values: Value) -> list[M]:
        key = (*shape, *map(type, values))
        if key not in self._plans:
            self._plans[key] = self._planned(shape, values)
        plan = self._plans[key]
        return plan.found(values) if plan else []

    def _planned(self, shape: Sequence[Hashable], values: Sequence[Value]) -> _Plan | None:
        """None: nothing can match, whatever the values."""
        instead = [_stand_in(one, n) for n, one in enumerate(values)]
        try:
            return _Plan(self._build(*shape, *instead), instead)
        except EmptyResultSet:
            return None


def _stand_in(value: Value, place: int) -> Value:
    """Something of the same type that no statement holds by itself."""
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, datetime):
        return LONG_AGO + timedelta(microseconds=place)
    return LONG_AGO.date() + timedelta(days=place)


class _Plan:
    """A compiled statement, where its values go, and the way from a row to an object."""

    def __init__(self, queryset: QuerySet[Any], instead: Sequence[Value]) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, given = compiler.as_sql()
        self._given = tuple(given)
        self._places = [(n, instead.index(one)) for n, one in enumerate(given) if one in instead]
        filled = {n for n, _value in self._places}
        own = [one for n, one in enumerate(given) if isinstance(one, Value) and n not in filled]
        if own:
            raise TypeError(f"A kept read must be given its ids and moments; it has {own} of its own.")
        select, info = compiler.select, compiler.klass_info
        fields = info["select_fields"]
        self._model, self._of = info["model"], slice(fields[0], fields[-1] + 1)
        self._names = [one[0].target.attname for one in select[self._of]]
        self._related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of 6.0
        self._more = list(compiler.annotation_col_map.items())
        self._converters = compiler.get_converters([one[0] for one in select[: compiler.col_count]])
        self._prefetch = queryset._prefetch_related_lookups  # type: ignore[attr-defined]  # not in the stubs

    def found(self, values: Sequence[Value]) -> list[Any]:
        given = list(self._given)
        for place, value in self._places:
            given[place] = values[value]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, given)
            found = [self._object(row) for row in cursor.fetchall()]
        if found and self._prefetch:
            prefetch_related_objects(found, *self._prefetch)
        return found

    def _object(self, row: Sequence[Any]) -> Any:
        cells = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                cells[place] = convert(cells[place], expression, connection)
        made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, cells[self._of])
        for populator in self._related:
            populator.populate(cells, made)
        for name, place in self._more:
            setattr(made, name, cells[place])
        return made
