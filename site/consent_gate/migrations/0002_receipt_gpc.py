from django.db import migrations, models


class Migration(migrations.Migration):
    """The field is called what it holds; its column stays."""

    dependencies = [("consent_gate", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="receipt",
            name="signal",
            field=models.BooleanField(
                db_column="signal", help_text="Whether the browser sent it.", verbose_name="Global Privacy Control"
            ),
        ),
        migrations.RenameField(model_name="receipt", old_name="signal", new_name="gpc"),
    ]
