"""What the database keeps of a user: its own fields, and every row of any app that belongs to it.

The rows are found by the models' own relations, so that an app that begins to keep something is shown, and erased,
without a word here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel, ManyToManyRel
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from consent_gate.api import Text

MOST_ROWS = 100
"""Rows of one kind that a page lists; the number is that of all of them."""


@dataclass(frozen=True)
class Field:
    """One field of the user."""

    name: str
    label: "Text"
    value: str


@dataclass(frozen=True)
class Rows:
    """The rows of one model that belong to a user. `shown` holds the first of them, in words."""

    model: str
    label: "Text"
    number: int
    shown: tuple[str, ...]


@dataclass(frozen=True)
class UserRecord:
    """All that is kept of one user. Rows that a section of their own shows are not among `rows`."""

    name: str
    fields: tuple[Field, ...]
    rows: tuple[Rows, ...]

    @property
    def number(self) -> int:
        """Things that are kept: the user itself, and each row."""
        return 1 + sum(each.number for each in self.rows)


def user_record(
    user: AbstractBaseUser, *, shown_elsewhere: frozenset[type[models.Model]], most: int | None = MOST_ROWS
) -> UserRecord:
    """Look into a user. `most` rows of each kind are put into words; None: all."""
    return UserRecord(user.get_username(), tuple(_fields(user)), tuple(_rows(user, shown_elsewhere, most)))


def _fields(user: AbstractBaseUser) -> Iterator[Field]:
    for field in user._meta.concrete_fields:  # noqa: SLF001 -- documented: docs.djangoproject.com/en/5.2/ref/models/meta/
        label = capfirst(str(field.verbose_name))
        if field.name == "password":
            # The scheme alone: the hash is of no use to its owner, and of some to whoever looks over their shoulder.
            scheme = user.password.partition("$")[0]
            yield Field(field.name, label, _("kept as a hash only (%(scheme)s)") % {"scheme": scheme})
        elif (value := field.value_from_object(user)) is not None and value != "":
            yield Field(field.name, label, in_words(value))


def in_words(value: object) -> str:
    """A field's value as its owner would write it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return _("%(moment)s UTC") % {"moment": localize(localtime(value))}
    return str(localize(value))


def _rows(user: AbstractBaseUser, shown_elsewhere: frozenset[type[models.Model]], most: int | None) -> Iterator[Rows]:
    for relation in relations_of(user.__class__):
        model = relation.related_model
        if model in shown_elsewhere or not isinstance(model, type):
            continue
        found = _belonging_to(user, relation, model)
        shown = tuple(_row_in_words(row, relation) for row in found[:most])
        if shown:
            number = found.count() if len(shown) == most else len(shown)
            yield Rows(model._meta.label, model._meta.verbose_name_plural or "", number, shown)  # noqa: SLF001


def relations_of(user: type[models.Model]) -> Iterator[ForeignObjectRel]:
    """All relations by which rows belong to a user, also those without a name to follow them back by.

    Many-to-many relations lie in tables of their own, whose rows are found as others are; except where the relation can
    be followed: then it is the rows at its other end that say something.
    """
    every = [each for each in user._meta.get_fields(include_hidden=True) if isinstance(each, ForeignObjectRel)]  # noqa: SLF001 -- documented, see above
    followed = [each for each in every if isinstance(each, ManyToManyRel) and not each.hidden]
    made_for_these = [each.through for each in followed if each.through and each.through._meta.auto_created]  # noqa: SLF001
    for relation in every:
        is_found_otherwise = isinstance(relation, ManyToManyRel) and relation not in followed
        if not is_found_otherwise and relation.related_model not in made_for_these:
            yield relation


def _row_in_words(row: models.Model, relation: ForeignObjectRel) -> str:
    if not row._meta.auto_created:  # noqa: SLF001
        return str(row)
    # A row between two tables has no words but those of its other end.
    ends = [field for field in row._meta.concrete_fields if field.is_relation and field is not relation.field]  # noqa: SLF001
    return ", ".join(str(getattr(row, field.name)) for field in ends)


def _belonging_to(
    user: AbstractBaseUser, relation: ForeignObjectRel, model: type[models.Model]
) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = model._default_manager.filter(**{relation.field.name: user})  # noqa: SLF001
    # What a row's words are made of lies in the rows that it points to.
    return rows.select_related()
