"""What an account's record holds: every field, and every row that belongs to it."""

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.db import models
from django.test import Client
from django.test.utils import isolate_apps

from privacy_dashboard.user_rows import MOST_ROWS, relations_of, user_record

NOTHING_ELSEWHERE: frozenset[type[models.Model]] = frozenset()


def rows_of(user: AbstractBaseUser) -> dict[str, tuple[str, ...]]:
    return {rows.model: rows.shown for rows in user_record(user, shown_elsewhere=NOTHING_ELSEWHERE).rows}


@isolate_apps("privacy_dashboard")
@pytest.mark.parametrize(
    ("value", "words"), [({"font": "large"}, "{'font': 'large'}"), ([1, 2], "[1, 2]"), ("", None), (None, None)]
)
def test_a_field_that_holds_json_is_shown(value: object, words: str | None) -> None:
    class Member(AbstractBaseUser):
        name = models.CharField(max_length=10)
        wishes = models.JSONField(null=True)

        USERNAME_FIELD = "name"

        class Meta:
            app_label = "privacy_dashboard"

    record = user_record(Member(name="jorge", wishes=value), shown_elsewhere=NOTHING_ELSEWHERE)
    assert {field.name: field.value for field in record.fields}.get("wishes") == words


@pytest.mark.django_db
def test_rows_without_a_way_back_from_the_account_are_shown(reader: Client, user: AbstractUser) -> None:
    user.groups.add(Group.objects.create(name="Friends of the library"))
    user.user_permissions.add(Permission.objects.get(codename="view_group"))
    assert rows_of(user)["auth.User_groups"] == ("Friends of the library",)
    assert "Can view group" in rows_of(user)["auth.User_user_permissions"][0]
    assert "Friends of the library" in reader.get("/privacy/").content.decode()
    assert "Friends of the library" in reader.post("/privacy/export/", {"format": "json"}).content.decode()


@isolate_apps("privacy_dashboard")
def test_every_relation_is_followed_once() -> None:
    class Member(AbstractBaseUser):
        class Meta:
            app_label = "privacy_dashboard"

    class Note(models.Model):  # noqa: DJ008 -- never shown
        secret_writer = models.ForeignKey(Member, models.CASCADE, related_name="+")
        writer = models.ForeignKey(Member, models.CASCADE)
        readers = models.ManyToManyField(Member, related_name="read")
        secret_readers = models.ManyToManyField(Member, related_name="+")

        class Meta:
            app_label = "privacy_dashboard"

    found = [f"{relation.related_model.__name__}.{relation.field.name}" for relation in relations_of(Member)]
    assert sorted(found) == ["Note.readers", "Note.secret_writer", "Note.writer", "Note_secret_readers.member"]


@pytest.mark.django_db
def test_the_export_holds_all_rows_and_the_page_the_first(reader: Client, user: AbstractUser) -> None:
    user.groups.set(Group.objects.bulk_create(Group(name=f"group {number}") for number in range(MOST_ROWS + 20)))
    page = reader.get("/privacy/").content.decode()
    assert page.count("<li>group ") == MOST_ROWS
    exported = reader.post("/privacy/export/", {"format": "json"}).json()["account"]["rows"]["auth.User_groups"]
    assert exported["number"] == len(exported["rows"]) == MOST_ROWS + 20
