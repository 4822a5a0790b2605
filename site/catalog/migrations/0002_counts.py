from django.db import migrations, models

# The same letters anywhere in a word are found, in every script: so the index is one of all groups of three letters
# (sqlite.org/fts5.html#the_trigram_tokenizer, postgresql.org/docs/current/pgtrgm.html#PGTRGM-INDEX). The text itself stays in the book's row.
MAKE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE catalog_booksearch USING fts5("
        "search_text, content='catalog_book', content_rowid='id', tokenize='trigram case_sensitive 1')",
        "INSERT INTO catalog_booksearch (catalog_booksearch) VALUES ('rebuild')",
    ],
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX catalog_booksearch ON catalog_book USING gin (search_text gin_trgm_ops)",
    ],
}
REMOVE = {"sqlite": ["DROP TABLE catalog_booksearch"], "postgresql": ["DROP INDEX catalog_booksearch"]}


def make(apps, schema_editor):
    for statement in MAKE.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in REMOVE.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Catalogue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=32)),
                ('books', models.IntegerField(default=0)),
                ('authors', models.IntegerField(default=0)),
                ('copies', models.IntegerField(default=0)),
                ('available', models.IntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='genre',
            name='num_books',
            field=models.IntegerField(default=0, editable=False, verbose_name='books'),
        ),
        migrations.AddIndex(
            model_name='book',
            index=models.Index(fields=['-views', 'filed_as'], name='books_by_views'),
        ),
        migrations.AddIndex(
            model_name='book',
            index=models.Index(fields=['filed_as', 'id'], name='books_as_filed'),
        ),
        migrations.AddIndex(
            model_name='book',
            index=models.Index(fields=['language', 'filed_as', 'id'], name='books_of_a_language'),
        ),
        migrations.RunPython(make, remove),
    ]
