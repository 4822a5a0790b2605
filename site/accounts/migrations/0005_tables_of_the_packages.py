from typing import Any

from django.db import migrations

# Those that others refer to come first.
MOVED = {
    "consent_showntext": "consent_gate_showntext",
    "consent_receipt": "consent_gate_receipt",
    "dashboard_exercise": "privacy_dashboard_exercise",
    "dashboard_accountsession": "privacy_dashboard_accountsession",
}


def move_rows(apps: Any, schema_editor: Any) -> None:
    """Receipts stay receipts, and no row of an old table keeps an account from being deleted."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for old, new in MOVED.items():
            if old in there:
                columns = [column.name for column in connection.introspection.get_table_description(cursor, old)]
                names = ", ".join(map(connection.ops.quote_name, columns))
                cursor.execute(f"INSERT INTO {new} ({names}) SELECT {names} FROM {old}")
        for old in reversed(MOVED):
            if old in there:
                cursor.execute(f"DROP TABLE {old}")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_before_the_parts_were_packages"),
        ("consent_gate", "0001_initial"),
        ("privacy_dashboard", "0001_initial"),
    ]
    operations = [migrations.RunPython(move_rows, migrations.RunPython.noop)]
