"""What an older installation keeps is there under the new names."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from privacy_dashboard.models import Right, RightsRequest, UserSession

APP = "privacy_dashboard"


@pytest.mark.django_db(transaction=True)
def test_sessions_and_traces_of_an_older_installation_stay() -> None:
    older = MigrationExecutor(connection)
    older.migrate([(APP, "0001_initial")])
    models = older.loader.project_state([(APP, "0001_initial")]).apps
    owner = get_user_model().objects.create_user("owner")
    models.get_model(APP, "AccountSession").objects.create(
        id=uuid4(), account_id=owner.pk, digest="0" * 64, ends_at=datetime.now(UTC), until_browser_closes=True
    )
    models.get_model(APP, "Exercise").objects.create(id=uuid4(), right="export")

    newest = MigrationExecutor(connection)
    newest.migrate([node for node in newest.loader.graph.leaf_nodes() if node[0] == APP])
    assert UserSession.objects.get().user == owner
    assert RightsRequest.objects.get().right == Right.EXPORT
