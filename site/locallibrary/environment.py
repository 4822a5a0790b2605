"""What the site takes from environment variables: each with its type, its default and a sentence on what it takes.

`settings.py` turns these values into Django's settings. The table in docs/settings.md is checked against this class.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from locallibrary.data_folder import make_private_folder
from locallibrary.variables import env, matching, names, takes, value_of, variable, whole_number

CHECKOUT = Path(__file__).resolve().parents[2]
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
HOLDS_A_SECRET = {"secret_key", "secret_key_fallbacks", "database_url", "redis_url"}
"""Fields whose value an error message must not show."""
SHORTEST_KEY, FEWEST_CHARACTERS = 50, 5
"""Characters of a secret key, and how many of them have to differ."""
TEN_YEARS = 10 * 365 * 86_400
"""Seconds. Browsers cut a cookie's life to 400 days anyway (RFC 6265bis, section 5.5)."""

MOST_PROCESSES = 64

ONE_YEAR = 365 * 86_400
"""Seconds. The least that the browsers' list of HTTPS hosts takes."""


class SessionEngine(StrEnum):
    """The five session stores that come with Django, by the last part of their module's name.

    Source: docs.djangoproject.com/en/5.2/topics/http/sessions/#configuring-the-session-engine
    """

    DB = "db"
    CACHED_DB = "cached_db"
    CACHE = "cache"
    FILE = "file"
    SIGNED_COOKIES = "signed_cookies"

    @property
    def needs_shared_cache(self) -> bool:
        """Whether sessions of this engine live in the cache, so that all server processes must share one."""
        return self in {SessionEngine.CACHED_DB, SessionEngine.CACHE}


def _engine(name: str) -> SessionEngine:
    return SessionEngine(env.str(name))


def _same_site(name: str) -> Literal["Lax", "Strict", "None"]:
    match text := env.str(name):
        case "Lax" | "Strict" | "None":
            return text
    raise ValueError(text)


def _secret_key(name: str) -> str:
    text = env.str(name)
    # What `check --deploy` asks for (django.core.checks.security.base, W009): here it stops the start.
    if len(text) < SHORTEST_KEY or len(set(text)) < FEWEST_CHARACTERS or text.startswith("django-insecure-"):
        raise ValueError("easy to guess")
    return text


def _database(name: str) -> str:
    text = env.str(name)
    engine = dj_database_url.parse(text).get("ENGINE", "")
    if engine not in {SQLITE, POSTGRESQL}:
        raise ValueError("neither SQLite nor PostgreSQL")
    if engine == POSTGRESQL and not (find_spec("psycopg") and find_spec("psycopg_pool")):
        raise ValueError("no PostgreSQL driver")
    return text


def _path(name: str) -> Path:
    return env.path(name).resolve()


def _redis(name: str) -> str:
    text = env.str(name)
    if not re.match(r"(rediss?|unix)://\S+$", text):
        raise ValueError("not the address of a Redis server")
    if find_spec("redis") is None:
        raise ValueError("no Redis driver")
    return text


@dataclass(frozen=True)
class Environment:
    """The environment variables of the site. A variable's name is the field's in capitals."""

    debug: bool = variable(
        default=False, takes="`true` or `false`: development mode, with debug-toolbar and error details", read=env.bool
    )
    secret_key: str = variable(
        "",
        "at least 50 random characters that sign sessions and forms, as from "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`; needed unless DEBUG",
        _secret_key,
    )
    secret_key_fallbacks: tuple[str, ...] = variable(
        (), "earlier secret keys that still verify, separated by commas", names
    )
    allowed_hosts: tuple[str, ...] = variable(
        ("localhost", "127.0.0.1", "[::1]"), "host names that the site answers to, separated by commas", names
    )
    data_dir: Path = variable(
        CHECKOUT / "build" / "data",
        "a folder that can be written, for all that the site keeps: database, files, assets",
        _path,
    )
    database_url: str = variable(
        "",
        "an address such as `sqlite:////srv/library.sqlite3`, or `postgres://user:password@host/name` once "
        "`requirements/postgres.txt` is installed too",
        _database,
    )
    redis_url: str = variable(
        "",
        "an address such as `redis://localhost:6379/0`, of Redis or Valkey: the cache lives there, once "
        "`requirements/redis.txt` is installed too",
        _redis,
    )
    session_engine: SessionEngine = variable(
        SessionEngine.DB, "one of `db`, `cached_db`, `cache`, `file`, `signed_cookies`", _engine
    )
    session_expire_at_browser_close: bool = variable(
        default=False, takes="`true` or `false`: whether a session ends when the browser is closed", read=env.bool
    )
    session_cookie_age: int = variable(
        1_209_600, "a whole number of seconds, 1 to 315360000: how long a session lasts", whole_number(1, TEN_YEARS)
    )
    session_idle_limit: int = variable(
        7200,
        "a whole number of seconds, 1 to 315360000: how long a session that should end with the browser may stand idle",
        whole_number(1, TEN_YEARS),
    )
    anonymous_session_age: int = variable(
        14_400,
        "a whole number of seconds, 1 to 315360000: how long a session lasts at most that holds neither a "
        "sign-in nor anything that its visitor allowed, and how long the server keeps one whose cookie never came back",
        whole_number(1, TEN_YEARS),
    )
    session_save_every_request: bool = variable(
        default=False,
        takes="`true` or `false`: whether each request saves the session and renews its cookie",
        read=env.bool,
    )
    session_cookie_name: str = variable(
        "",
        "a name of letters, digits, `-` and `_` for the session cookie; sites on one host need different "
        "ones, whatever their ports; unset, `__Host-sessionid` where browsers take it, else `sessionid`",
        matching(r"[A-Za-z0-9_-]{1,64}"),
    )
    session_cookie_path: str = variable(
        "/",
        "a path that begins with `/`: browsers send the session cookie to no other",
        matching(r"/[A-Za-z0-9/._~-]*"),
    )
    session_cookie_domain: str = variable(
        "",
        "a domain whose hosts all get the session cookie; unset, the site's own host alone",
        matching(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"),
    )
    session_cookie_samesite: Literal["Lax", "Strict", "None"] = variable(
        "Lax",
        "`Lax`, `Strict` or `None`: whether the session cookie comes along from other sites; `None` needs "
        "SECURE_COOKIES",
        _same_site,
    )
    visit_interval: int = variable(
        86_400,
        "a whole number of seconds, 1 to 315360000: the least time between two counted visits",
        whole_number(1, TEN_YEARS),
    )
    secure_cookies: bool | None = variable(
        None, "`true` or `false`: cookies travel over HTTPS only (and to localhost); unset, true unless DEBUG", env.bool
    )
    consent_strict: bool | None = variable(
        None,
        "`true` or `false`: a cookie that is not declared raises an error, instead of being stopped with a "
        "warning in the log; unset, false unless DEBUG",
        env.bool,
    )
    https_redirect: bool = variable(
        default=False,
        takes="`true` or `false`: redirect HTTP to HTTPS and ask browsers to stay there (HSTS)",
        read=env.bool,
    )
    hsts_seconds: int = variable(
        ONE_YEAR,
        "a whole number of seconds, 1 to 315360000: how long browsers remember to come by HTTPS alone, "
        "once HTTPS_REDIRECT is on; begin with a short time",
        whole_number(1, TEN_YEARS),
    )
    hsts_include_subdomains: bool = variable(
        default=False,
        takes="`true` or `false`: whether that goes for every subdomain of the site's host too, whatever runs there",
        read=env.bool,
    )
    hsts_preload: bool = variable(
        default=False,
        takes="`true` or `false`: whether browsers may ship with the host on their list, from which it is hard "
        "to get off (hstspreload.org); needs HSTS_INCLUDE_SUBDOMAINS and a year",
        read=env.bool,
    )
    trusted_proxies: int = variable(
        0,
        "a whole number, 0 to 10: how many proxies stand in front that add their visitor's address to "
        "`X-Forwarded-For`",
        whole_number(0, 10),
    )
    tries_limit: int = variable(
        10,
        "a whole number, 1 to 1000: how often one network may try one account's password within "
        "TRIES_WINDOW; all networks together ten times as often",
        whole_number(1, 1000),
    )
    registrations_limit: int = variable(
        60,
        "a whole number, 1 to 100000: how often one network may ask for an account within TRIES_WINDOW",
        whole_number(1, 100_000),
    )
    tries_window: int = variable(
        900, "a whole number of seconds, 1 to 86400: how long tries are counted", whole_number(1, 86_400)
    )
    web_concurrency: int | None = variable(
        None,
        "a whole number, 1 to 64: how many server processes run; unset, one for each processor, or a single one where "
        "sessions are kept in its memory",
        whole_number(1, MOST_PROCESSES),
    )

    @property
    def sends_secure_cookies(self) -> bool:
        """Whether cookies travel over HTTPS only."""
        return not self.debug if self.secure_cookies is None else self.secure_cookies

    @property
    def host_prefix(self) -> str:
        """What the names of the cookies begin with that no sibling host may set; "" where browsers would refuse it.

        RFC 6265bis, section 4.1.3.2: such a cookie is Secure, for this host alone and for all its paths.
        """
        return "__Host-" if self.sends_secure_cookies else ""

    @property
    def name_of_session_cookie(self) -> str:
        """The name that the session cookie is sent under."""
        if self.session_cookie_name:
            return self.session_cookie_name
        for_all_of_this_host = self.session_cookie_path == "/" and not self.session_cookie_domain
        return f"{self.host_prefix if for_all_of_this_host else ''}sessionid"

    @property
    def server_processes(self) -> int:
        """How many processes answer requests."""
        if self.web_concurrency is not None:
            return self.web_concurrency
        in_memory = self.session_engine.needs_shared_cache and not self.redis_url
        return 1 if in_memory else min(os.cpu_count() or 1, MOST_PROCESSES)


def contradictions(values: Environment) -> Iterator[str]:
    """Say what of the values does not go together, each in a sentence."""
    name, secure = values.name_of_session_cookie, values.sends_secure_cookies
    if not values.secret_key and not values.debug:
        yield f"SECRET_KEY is not set. It takes {describe('secret_key')}."
    if values.session_cookie_samesite == "None" and not secure:
        yield "SESSION_COOKIE_SAMESITE=None needs SECURE_COOKIES=true: browsers refuse it otherwise."
    # RFC 6265bis, section 4.1.3: what the prefixes promise is checked by the browser.
    if name.startswith(("__Secure-", "__Host-")) and not secure:
        yield f"SESSION_COOKIE_NAME={name} needs SECURE_COOKIES=true: browsers refuse it otherwise."
    if name.startswith("__Host-") and (values.session_cookie_path != "/" or values.session_cookie_domain):
        yield (
            f"SESSION_COOKIE_NAME={name} goes with no SESSION_COOKIE_PATH and no SESSION_COOKIE_DOMAIN: browsers "
            "refuse it otherwise."
        )
    if values.hsts_preload and not (values.hsts_include_subdomains and values.hsts_seconds >= ONE_YEAR):
        yield (
            f"HSTS_PRELOAD=true needs HSTS_INCLUDE_SUBDOMAINS=true and HSTS_SECONDS of {ONE_YEAR} or more: else "
            "the browsers' list does not take the host."
        )
    if values.session_engine.needs_shared_cache and values.server_processes > 1 and not values.redis_url:
        yield (
            f"SESSION_ENGINE={values.session_engine} with WEB_CONCURRENCY={values.web_concurrency} needs REDIS_URL: "
            "without it each server process has a cache of its own and loses the others' sessions."
        )


VARIABLES = {each.name: takes(each) for each in fields(Environment)}
"""What each variable takes, by its field's name."""


def describe(field: str) -> str:
    """Say what a variable takes, as plain text."""
    return VARIABLES[field].replace("`", "")


def read_environment() -> Environment:
    """Read the variables.

    Raises ImproperlyConfigured with one sentence for each bad one: its name, its value and what it takes.
    """
    values, refused = {}, []
    for each in fields(Environment):
        try:
            values[each.name] = value_of(each)
        except ValueError:
            refused.append(_sentence(each.name))
    if not refused:
        read = Environment(**values)
        refused = [*contradictions(read), *_unusable(read.data_dir)]
    if refused:
        raise ImproperlyConfigured("\n".join(refused))
    return read


def _unusable(data: Path) -> Iterator[str]:
    """Make the data folder where it is missing, and say so if this process can't write to it."""
    try:
        make_private_folder(data)
        if os.access(data, os.W_OK | os.X_OK):
            return
    except OSError:
        pass
    yield f"DATA_DIR can't be {str(data)!r}. It takes {describe('data_dir')}."


def _sentence(name: str) -> str:
    shown = "what it is now" if name in HOLDS_A_SECRET else repr(os.environ.get(name.upper()))
    return f"{name.upper()} can't be {shown}. It takes {describe(name)}."
