"""Likes of genres: one for each reader and genre, and a count that follows them, whatever makes or deletes them."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import User
from catalog.models import Genre, GenreLike


def with_likes_of(visitor: User | AnonymousUser) -> QuerySet[Genre]:
    """All genres, with `liked`: whether a visitor likes them."""
    return Genre.objects.annotate(liked=Exists(GenreLike.objects.filter(genre=OuterRef("pk"), reader=visitor.pk)))


@transaction.atomic
def set_like(genre: Genre, reader: User, *, liked: bool) -> None:
    """Make a reader like a genre or not. Doing it twice changes nothing."""
    if not liked:
        GenreLike.objects.filter(genre=genre, reader=reader).delete()
        return
    _like, is_new = GenreLike.objects.get_or_create(genre=genre, reader=reader)
    if is_new:
        Genre.objects.filter(pk=genre.pk).update(likes=F("likes") + 1)


def uncount(sender: type[GenreLike], instance: GenreLike, **kwargs: Any) -> None:
    """Count one like less, whatever deleted it: its reader's click, or the deletion of their account."""
    Genre.objects.filter(pk=instance.genre_id).update(likes=F("likes") - 1)
