from typing import Any

from django.db import migrations


def drop_the_old_index(apps: Any, schema_editor: Any) -> None:
    """Its name is wanted by the table that comes; SQLite and PostgreSQL give a name to one index alone."""
    schema_editor.execute("DROP INDEX IF EXISTS sessions_of_an_account")


class Migration(migrations.Migration):
    """First half of moving what `consent` and `dashboard` kept, before they were called by their packages' names."""

    dependencies = [("accounts", "0003_has_been_used")]
    run_before = [("consent_gate", "0001_initial"), ("privacy_dashboard", "0001_initial")]
    operations = [migrations.RunPython(drop_the_old_index, migrations.RunPython.noop)]
