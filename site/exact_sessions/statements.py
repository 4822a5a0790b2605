"""The two statements that nearly every request needs, in Django's own SQL, which is put together once.

Django puts it together anew for each query. For a row that is found by its key, that takes several times as long as
the database does. Conditions are given one after the other: so do the parameters come.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connections
from django.db.models import Field, Value
from django.db.models.sql import UpdateQuery
from django.utils import timezone

from exact_sessions.models import AbstractExactSession

READ = ("session_data", "version", "expire_date")
"""The columns that `find` gives, in this order."""


def find(model: type[AbstractExactSession], using: str, key: str, now: datetime) -> tuple[Any, ...] | None:
    """What stands in the row of a key, unless it has expired by `now`."""
    connection = connections[using]
    expires = _field(model, "expire_date").get_db_prep_value(now, connection)
    with connection.cursor() as cursor:
        cursor.execute(_sql_to_find(model, using), [key, expires])
        row = cursor.fetchone()
    return row and tuple(_as_python(value, _field(model, name), using) for name, value in zip(READ, row, strict=True))


def replace(row: AbstractExactSession, using: str, columns: Mapping[str, Any], version: int) -> bool:
    """Change columns of a row, named by their fields; False if it doesn't have this version any more."""
    model, connection = type(row), connections[using]
    values = [_field(model, name).get_db_prep_save(value, connection) for name, value in columns.items()]
    with connection.cursor() as cursor:
        cursor.execute(_sql_to_replace(model, using, tuple(columns)), [*values, row.pk, version])
        return bool(cursor.rowcount)


@cache
def _sql_to_find(model: type[AbstractExactSession], using: str) -> str:
    rows = model.objects.using(using).filter(pk="").filter(expire_date__gt=timezone.now()).order_by()
    return str(rows.values_list(*READ).query.get_compiler(using).as_sql()[0])


@cache
def _sql_to_replace(model: type[AbstractExactSession], using: str, names: tuple[str, ...]) -> str:
    query: Any = model.objects.using(using).filter(pk="").filter(version=0).query.chain(UpdateQuery)
    query.add_update_values({name: Value("") for name in names})
    return str(query.get_compiler(using).as_sql()[0])


def _field(model: type[AbstractExactSession], name: str) -> "Field[Any, Any]":
    return model._meta.get_field(name)  # type: ignore[return-value]  # noqa: SLF001 -- public: ref/models/meta


def _as_python(value: Any, field: "Field[Any, Any]", using: str) -> Any:
    """As Django's own queries give it."""
    connection = connections[using]
    column = field.cached_col
    for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
        value = convert(value, column, connection)
    return value
