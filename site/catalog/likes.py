"""Likes of genres: one for each reader and genre, and a count that is always the sum of them."""

from django.db import transaction
from django.db.models import F

from accounts.models import User
from catalog.models import Genre, GenreLike


@transaction.atomic
def set_like(genre: Genre, reader: User, *, liked: bool) -> None:
    """Make a reader like a genre or not. Doing it twice changes nothing."""
    if liked:
        _like, is_new = GenreLike.objects.get_or_create(genre=genre, reader=reader)
        change = int(is_new)
    else:
        deleted, _by_model = GenreLike.objects.filter(genre=genre, reader=reader).delete()
        change = -deleted
    if change:
        Genre.objects.filter(pk=genre.pk).update(likes=F("likes") + change)
