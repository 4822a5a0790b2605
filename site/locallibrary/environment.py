"""What the site takes from environment variables: each with its type, its default and a sentence on what it takes.

`settings.py` turns these values into Django's settings. The table in docs/settings.md is checked against this class.
"""

import os
import re
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal, Self

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from locallibrary.data_folder import make_private_folder

CHECKOUT = Path(__file__).resolve().parents[2]
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
HOLDS_A_SECRET = {"secret_key", "secret_key_fallbacks", "database_url", "redis_url"}
"""Fields whose value an error message must not show."""
SHORTEST_KEY, FEWEST_CHARACTERS = 50, 5
"""Characters of a secret key, and how many of them have to differ."""
TEN_YEARS = 10 * 365 * 86_400
"""Seconds. Browsers cut a cookie's life to 400 days anyway (RFC 6265bis, section 5.5)."""

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


Names = Annotated[tuple[str, ...], NoDecode]
"""Several strings in one variable, separated by commas."""


class Environment(BaseSettings):
    """The environment variables of the site. A variable's name is the field's in capitals."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    debug: bool = Field(
        default=False, description="`true` or `false`: development mode, with debug-toolbar and error details"
    )
    secret_key: str = Field(
        "",
        validate_default=False,
        description="at least 50 random characters that sign sessions and forms, as from "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`; needed unless DEBUG",
    )
    secret_key_fallbacks: Names = Field((), description="earlier secret keys that still verify, separated by commas")
    allowed_hosts: Names = Field(
        ("localhost", "127.0.0.1", "[::1]"), description="host names that the site answers to, separated by commas"
    )
    data_dir: Path = Field(
        CHECKOUT / "build" / "data",
        validate_default=True,
        description="a folder that can be written, for all that the site keeps: database, files, assets",
    )
    database_url: str = Field(
        "",
        description="an address such as `sqlite:////srv/library.sqlite3`, or `postgres://user:password@host/name` once "
        "`requirements/postgres.txt` is installed too",
    )
    redis_url: str = Field(
        "",
        description="an address such as `redis://localhost:6379/0`, of Redis or Valkey: the cache lives there, once "
        "`requirements/redis.txt` is installed too",
    )
    session_engine: SessionEngine = Field(
        SessionEngine.DB, description="one of `db`, `cached_db`, `cache`, `file`, `signed_cookies`"
    )
    session_expire_at_browser_close: bool = Field(
        default=False, description="`true` or `false`: whether a session ends when the browser is closed"
    )
    session_cookie_age: int = Field(
        1_209_600, ge=1, le=TEN_YEARS, description="a whole number of seconds, 1 to 315360000: how long a session lasts"
    )
    session_idle_limit: int = Field(
        7200,
        ge=1,
        le=TEN_YEARS,
        description="a whole number of seconds, 1 to 315360000: how long a session that should end with the browser "
        "may stand idle",
    )
    anonymous_session_age: int = Field(
        14_400,
        ge=1,
        le=TEN_YEARS,
        description="a whole number of seconds, 1 to 315360000: how long a session lasts at most that holds neither a "
        "sign-in nor anything that its visitor allowed, and how long the server keeps one whose cookie never came back",
    )
    session_save_every_request: bool = Field(
        default=False, description="`true` or `false`: whether each request saves the session and renews its cookie"
    )
    session_cookie_name: str = Field(
        "",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        validate_default=False,
        description="a name of letters, digits, `-` and `_` for the session cookie; sites on one host need different "
        "ones, whatever their ports; unset, `__Host-sessionid` where browsers take it, else `sessionid`",
    )
    session_cookie_path: str = Field(
        "/",
        pattern=r"^/[A-Za-z0-9/._~-]*$",
        description="a path that begins with `/`: browsers send the session cookie to no other",
    )
    session_cookie_domain: str = Field(
        "",
        pattern=r"^\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$",
        validate_default=False,
        description="a domain whose hosts all get the session cookie; unset, the site's own host alone",
    )
    session_cookie_samesite: Literal["Lax", "Strict", "None"] = Field(
        "Lax",
        description="`Lax`, `Strict` or `None`: whether the session cookie comes along from other sites; `None` needs "
        "SECURE_COOKIES",
    )
    visit_interval: int = Field(
        86_400,
        ge=1,
        le=TEN_YEARS,
        description="a whole number of seconds, 1 to 315360000: the least time between two counted visits",
    )
    secure_cookies: bool | None = Field(
        None,
        description="`true` or `false`: cookies travel over HTTPS only (and to localhost); unset, true unless DEBUG",
    )
    consent_strict: bool | None = Field(
        None,
        description="`true` or `false`: a cookie that is not declared raises an error, instead of being stopped with a "
        "warning in the log; unset, false unless DEBUG",
    )
    https_redirect: bool = Field(
        default=False, description="`true` or `false`: redirect HTTP to HTTPS and ask browsers to stay there (HSTS)"
    )
    hsts_seconds: int = Field(
        ONE_YEAR,
        ge=1,
        le=TEN_YEARS,
        description="a whole number of seconds, 1 to 315360000: how long browsers remember to come by HTTPS alone, "
        "once HTTPS_REDIRECT is on; begin with a short time",
    )
    hsts_include_subdomains: bool = Field(
        default=False,
        description="`true` or `false`: whether that goes for every subdomain of the site's host too, whatever runs "
        "there",
    )
    hsts_preload: bool = Field(
        default=False,
        description="`true` or `false`: whether browsers may ship with the host on their list, from which it is hard "
        "to get off (hstspreload.org); needs HSTS_INCLUDE_SUBDOMAINS and a year",
    )
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=10,
        description="a whole number, 0 to 10: how many proxies stand in front that add their visitor's address to "
        "`X-Forwarded-For`",
    )
    tries_limit: int = Field(
        10,
        ge=1,
        le=1000,
        description="a whole number, 1 to 1000: how often one network may try one account's password within "
        "TRIES_WINDOW; all networks together ten times as often",
    )
    registrations_limit: int = Field(
        60,
        ge=1,
        le=100_000,
        description="a whole number, 1 to 100000: how often one network may ask for an account within TRIES_WINDOW",
    )
    tries_window: int = Field(
        900, ge=1, le=86_400, description="a whole number of seconds, 1 to 86400: how long tries are counted"
    )
    web_concurrency: int = Field(1, ge=1, le=64, description="a whole number, 1 to 64: how many server processes run")

    @field_validator("secret_key_fallbacks", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("secret_key")
    @classmethod
    def _is_hard_to_guess(cls, value: str) -> str:
        # What `check --deploy` asks for (django.core.checks.security.base, W009): here it stops the start.
        if len(value) < SHORTEST_KEY or len(set(value)) < FEWEST_CHARACTERS or value.startswith("django-insecure-"):
            raise ValueError("easy to guess")
        return value

    @field_validator("data_dir")
    @classmethod
    def _is_writable(cls, value: Path) -> Path:
        try:
            make_private_folder(value)
        except OSError as error:
            raise ValueError(str(error)) from None
        if not os.access(value, os.W_OK | os.X_OK):
            raise ValueError("not writable")
        return value.resolve()

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        engine = dj_database_url.parse(value).get("ENGINE", "") if value else SQLITE
        if engine not in {SQLITE, POSTGRESQL}:
            raise ValueError("neither SQLite nor PostgreSQL")
        if engine == POSTGRESQL and not (find_spec("psycopg") and find_spec("psycopg_pool")):
            raise ValueError("no PostgreSQL driver")
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: str) -> str:
        if value and not re.match(r"(rediss?|unix)://\S+$", value):
            raise ValueError("not the address of a Redis server")
        if value and find_spec("redis") is None:
            raise ValueError("no Redis driver")
        return value

    @model_validator(mode="after")
    def _needs_secret_key(self) -> Self:
        if not self.secret_key and not self.debug:
            raise ValueError(f"SECRET_KEY is not set. It takes {describe('secret_key')}.")
        return self

    @model_validator(mode="after")
    def _is_a_cookie_that_browsers_take(self) -> Self:
        name, secure = self.name_of_session_cookie, self.sends_secure_cookies
        if self.session_cookie_samesite == "None" and not secure:
            raise ValueError("SESSION_COOKIE_SAMESITE=None needs SECURE_COOKIES=true: browsers refuse it otherwise.")
        # RFC 6265bis, section 4.1.3: what the prefixes promise is checked by the browser.
        if name.startswith(("__Secure-", "__Host-")) and not secure:
            raise ValueError(f"SESSION_COOKIE_NAME={name} needs SECURE_COOKIES=true: browsers refuse it otherwise.")
        if name.startswith("__Host-") and (self.session_cookie_path != "/" or self.session_cookie_domain):
            raise ValueError(
                f"SESSION_COOKIE_NAME={name} goes with no SESSION_COOKIE_PATH and no SESSION_COOKIE_DOMAIN: browsers "
                "refuse it otherwise."
            )
        return self

    @model_validator(mode="after")
    def _is_fit_for_the_list(self) -> Self:
        if self.hsts_preload and not (self.hsts_include_subdomains and self.hsts_seconds >= ONE_YEAR):
            raise ValueError(
                f"HSTS_PRELOAD=true needs HSTS_INCLUDE_SUBDOMAINS=true and HSTS_SECONDS of {ONE_YEAR} or more: else "
                "the browsers' list does not take the host."
            )
        return self

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

    @model_validator(mode="after")
    def _needs_shared_cache(self) -> Self:
        if self.session_engine.needs_shared_cache and self.web_concurrency > 1 and not self.redis_url:
            raise ValueError(
                f"SESSION_ENGINE={self.session_engine} with WEB_CONCURRENCY={self.web_concurrency} needs REDIS_URL: "
                "without it each server process has a cache of its own and loses the others' sessions."
            )
        return self


def describe(field: str) -> str:
    """Say what a variable takes, as plain text."""
    return (Environment.model_fields[field].description or "").replace("`", "")


def read_environment() -> Environment:
    """Read the variables.

    Raises ImproperlyConfigured with one sentence for each bad one: its name, its value and what it takes.
    """
    try:
        return Environment()
    except ValidationError as error:
        sentences = [_sentence(detail["loc"], detail["msg"], detail["input"]) for detail in error.errors()]
        raise ImproperlyConfigured("\n".join(sentences)) from None


def _sentence(location: tuple[int | str, ...], message: str, value: object) -> str:
    if not location:
        return message.removeprefix("Value error, ")
    field = str(location[0])
    shown = "what it is now" if field in HOLDS_A_SECRET else repr(value)
    return f"{field.upper()} can't be {shown}. It takes {describe(field)}."
