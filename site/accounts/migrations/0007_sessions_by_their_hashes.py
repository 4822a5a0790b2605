from typing import Any

from django.db import migrations

from exact_sessions.db import hash_of

BATCH = 500


def move_sessions(apps: Any, schema_editor: Any) -> None:
    """Nobody is signed out by the change of the session engine. What was moved is moved, should this be stopped."""
    using = schema_editor.connection.alias
    old, new = (apps.get_model(*name).objects.using(using) for name in (OLD, NEW))
    while batch := list(old.order_by("pk")[:BATCH]):
        rows = [
            new.model(key_hash=hash_of(each.pk), session_data=each.session_data, expire_date=each.expire_date)
            for each in batch
        ]
        new.bulk_create(rows, ignore_conflicts=True)
        old.filter(pk__in=[each.pk for each in batch]).delete()


OLD, NEW = ("sessions", "Session"), ("exact_sessions", "ExactSession")


class Migration(migrations.Migration):
    """Moves the sessions out of Django's table, which holds their keys in clear."""

    atomic = False
    dependencies = [
        ("accounts", "0006_never_used"),
        ("exact_sessions", "0001_initial"),
        ("sessions", "0001_initial"),
    ]
    operations = [migrations.RunPython(move_sessions, migrations.RunPython.noop)]
