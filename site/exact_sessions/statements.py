"""The statements that requests need, in Django's own SQL, which is put together once.

Django puts it together anew for each query. For a row that is found by its key, that takes several times as long as
the database does. Conditions are given one after the other: so do the parameters come.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connections
from django.db.models import F, Field, QuerySet, Value
from django.db.models.sql import UpdateQuery
from django.utils import timezone

from exact_sessions.models import AbstractExactSession

READ = ("session_data", "version", "expire_date")
"""The columns that `find` gives, in this order."""
LOCKED = (*READ, "erased")
"""Those that `lock` gives."""


def find(model: type[AbstractExactSession], using: str, key: str, now: datetime) -> tuple[Any, ...] | None:
    """What stands in the row of a key, unless it has expired by `now`."""
    connection = connections[using]
    expires = _field(model, "expire_date").get_db_prep_value(now, connection)
    with connection.cursor() as cursor:
        cursor.execute(_sql_to_find(model, using), [key, expires])
        return _as_python(cursor.fetchone(), model, READ, using)


def lock(model: type[AbstractExactSession], using: str, key: str) -> tuple[Any, ...] | None:
    """Give the row of a key its next version, and say what stands in it now; None if there is none.

    No other request can change it until the transaction ends. The first statement writes: that locks the row in
    PostgreSQL, and SQLite, which has no SELECT … FOR UPDATE, as a whole. One that reads first may find that it can't
    write any more (sqlite.org/isolation.html).
    """
    with connections[using].cursor() as cursor:
        cursor.execute(_sql_to_count_on(model, using), [1, key])
        if not cursor.rowcount:
            return None
        cursor.execute(_sql_to_read(model, using), [key])
        return _as_python(cursor.fetchone(), model, LOCKED, using)


def replace(row: AbstractExactSession, using: str, columns: Mapping[str, Any], version: int) -> bool:
    """Change columns of a row, named by their fields; False if it doesn't have this version any more."""
    model, connection = type(row), connections[using]
    values = [_field(model, name).get_db_prep_save(value, connection) for name, value in columns.items()]
    with connection.cursor() as cursor:
        cursor.execute(_sql_to_replace(model, using, tuple(columns)), [*values, row.pk, version])
        return bool(cursor.rowcount)


@cache
def _sql_to_find(model: type[AbstractExactSession], using: str) -> str:
    return _sql(_row(model, using).filter(expire_date__gt=timezone.now()).values_list(*READ), using)


@cache
def _sql_to_read(model: type[AbstractExactSession], using: str) -> str:
    return _sql(_row(model, using).values_list(*LOCKED), using)


@cache
def _sql_to_count_on(model: type[AbstractExactSession], using: str) -> str:
    return _sql_to_update(_row(model, using), {"version": F("version") + 1}, using)


@cache
def _sql_to_replace(model: type[AbstractExactSession], using: str, names: tuple[str, ...]) -> str:
    return _sql_to_update(_row(model, using).filter(version=0), {name: Value("") for name in names}, using)


def _row(model: type[AbstractExactSession], using: str) -> QuerySet[AbstractExactSession]:
    return model.objects.using(using).filter(pk="").order_by()


def _sql(rows: QuerySet[Any, Any], using: str) -> str:
    return str(rows.query.get_compiler(using).as_sql()[0])


def _sql_to_update(rows: QuerySet[Any], values: Mapping[str, Any], using: str) -> str:
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(dict(values))
    return str(query.get_compiler(using).as_sql()[0])


def _field(model: type[AbstractExactSession], name: str) -> "Field[Any, Any]":
    return model._meta.get_field(name)  # type: ignore[return-value]  # noqa: SLF001 -- public: ref/models/meta


def _as_python(
    row: tuple[Any, ...] | None, model: type[AbstractExactSession], names: tuple[str, ...], using: str
) -> tuple[Any, ...] | None:
    """A row as Django's own queries give it."""
    return row and tuple(_value(each, _field(model, name), using) for name, each in zip(names, row, strict=True))


def _value(value: Any, field: "Field[Any, Any]", using: str) -> Any:
    connection = connections[using]
    column = field.cached_col
    for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
        value = convert(value, column, connection)
    return value
