import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Models and a field are called what they are; tables and the column stay."""

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("privacy_dashboard", "0001_initial")]
    operations = [
        migrations.AlterModelTable(name="exercise", table="privacy_dashboard_exercise"),
        migrations.RenameModel(old_name="Exercise", new_name="RightsRequest"),
        migrations.AlterModelTable(name="accountsession", table="privacy_dashboard_accountsession"),
        migrations.RenameModel(old_name="AccountSession", new_name="UserSession"),
        migrations.RemoveIndex(model_name="usersession", name="sessions_of_an_account"),
        migrations.AlterField(
            model_name="usersession",
            name="account",
            field=models.ForeignKey(
                db_column="account_id",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="user_sessions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account",
            ),
        ),
        migrations.RenameField(model_name="usersession", old_name="account", new_name="user"),
        migrations.AddIndex(
            model_name="usersession",
            index=models.Index(fields=["user", "ends_at"], name="sessions_of_an_account"),
        ),
    ]
