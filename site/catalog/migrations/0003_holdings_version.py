from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='catalogue',
            name='holdings_version',
            field=models.CharField(default='', max_length=32),
            preserve_default=False,
        ),
    ]
