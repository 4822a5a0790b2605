"""Tables with very many rows, for the benches of house-keeping and growth: written by the database itself.

Every other row has ended, at moments of the two weeks before now; the others end within the two weeks after. Keys are
random, as real ones are, so that rows lie all over the indexes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection

from consent_gate.api import RECEIPTS_KEPT_FOR
from privacy_dashboard.sealing import seal
from privacy_dashboard.user_sessions import mark_of

USERS = 1_000

SEALED_KEY = 32 * "k"
"""The key of the one session that all rows of users' sessions stand for."""


@dataclass(frozen=True)
class Filling:
    """A table, the command that prunes it, and its columns with what to write into each.

    `KEY`, `LONG` and `UUID` stand for random values of 32 and 64 digits and a UUID, `MOMENT` for when a row ends, `N`
    for its number.
    """

    table: str
    command: str
    columns: dict[str, str]
    kept_days: int = 0
    """How long a row stays after its moment."""


def users() -> Sequence[AbstractBaseUser]:
    """The users whom the rows are shared out among: made with one password, and numbered one after the other."""
    model = get_user_model()
    made = [model(username=f"user {number}", password="!") for number in range(USERS)]
    return list(model.objects.bulk_create(made))


def fillings(store: type[SessionBase], owners: Sequence[AbstractBaseUser], text: str) -> dict[str, Filling]:
    """By name: each table that grows with the visitors. `text` is the key of a shown text that is there."""
    data = store().encode({"_auth_user_id": str(owners[0].pk), "_auth_user_hash": 64 * "a", "num_visits": 7})
    answers = '{"preferences": "yes", "statistics": "no", "personalisation": "no"}'
    fingerprints = '{"preferences": "0a1b2c3d4e5f", "statistics": "0a1b2c3d4e5f", "personalisation": "0a1b2c3d4e5f"}'
    note = {
        "id": "UUID",
        "account_id": f"{owners[0].pk} + n % {len(owners)}",
        "digest": "LONG",
        "sealed_key": f"'{seal(SEALED_KEY)}'",
        "password_mark": f"'{mark_of(owners[0].get_session_auth_hash())}'",
        "began_at": "MOMENT",
        "ends_at": "MOMENT",
        "until_browser_closes": "false",
    }
    receipt = {
        "id": "UUID",
        "made_at": "MOMENT",
        "answers": f"'{answers}'",
        "fingerprints": f"'{fingerprints}'",
        "place": "'banner'",
        "signal": "false",
        "text_id": f"'{text}'",
    }
    session = {"session_key": "KEY", "session_data": f"'{data}'", "expire_date": "MOMENT"}
    exact = {"key_hash": "LONG", **session, "version": "1", "erased": "'{}'"}
    del exact["session_key"]
    return {
        "sessions": Filling("django_session", "clearsessions", session),
        "exact sessions": Filling("exact_sessions_session", "clearsessions", exact),
        "users' sessions": Filling("privacy_dashboard_accountsession", "prune_user_sessions", note),
        "receipts": Filling("consent_gate_receipt", "prune_receipts", receipt, RECEIPTS_KEPT_FOR.days),
        "tries": Filling("accounts_tries", "prune_tries", {"mark": "KEY", "number": "1", "ends_at": "MOMENT"}),
    }


def fill(filling: Filling, rows: int) -> None:
    """Write rows into an empty table, in one statement."""
    values = ", ".join(_in_sql(value, filling.kept_days) for value in filling.columns.values())
    series = (
        f"generate_series(1, {rows}) AS series(n)"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows}) SELECT n FROM s)"
    )
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA cache_size = -500000")  # KiB: random keys go all over the indexes
        cursor.execute(f"DELETE FROM {filling.table}")
        cursor.execute(f"INSERT INTO {filling.table} ({', '.join(filling.columns)}) SELECT {values} FROM {series}")


def _in_sql(value: str, kept_days: int) -> str:
    if connection.vendor == "postgresql":
        seconds = f"(CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END) * (60 + random() * 1209600) - {kept_days * 86_400}"
        forms = {
            "KEY": "md5(random()::text || n)",
            "LONG": "md5(random()::text || n) || md5(random()::text)",
            "UUID": "gen_random_uuid()",
            "MOMENT": f"now() + ({seconds}) * interval '1 second'",
            "N": "n",
        }
    else:
        seconds = f"(CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END) * (60 + abs(random()) % 1209600) - {kept_days * 86_400}"
        forms = {
            "KEY": "lower(hex(randomblob(16)))",
            "LONG": "lower(hex(randomblob(32)))",
            "UUID": "lower(hex(randomblob(16)))",
            "MOMENT": f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({seconds}) || ' seconds')",
            "N": "n",
        }
    return forms.get(value, value)
