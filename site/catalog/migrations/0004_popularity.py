from functools import reduce

from django.db import migrations, models
from django.db.models import F

VIEWS_BY_POWERS_OF_TWO = reduce(
    lambda digits, step: digits.bitor(F('views').bitrightshift(step)), range(5, 31), F('views').bitrightshift(4)
)


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_holdings_version'),
    ]

    operations = [
        migrations.AddField(
            model_name='book',
            name='popularity',
            field=models.GeneratedField(
                db_persist=True, expression=VIEWS_BY_POWERS_OF_TWO, output_field=models.IntegerField()
            ),
        ),
        migrations.AddField(
            model_name='catalogue',
            name='popularity_version',
            field=models.CharField(default='', max_length=32),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='book',
            index=models.Index(fields=['-popularity', 'filed_as', 'id'], name='books_by_popularity'),
        ),
    ]
