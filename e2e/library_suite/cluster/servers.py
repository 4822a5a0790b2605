"""What stands around the nodes: how each server is configured and started."""

import secrets
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from redis import Redis
from redis.exceptions import RedisError

from library_suite.cluster.authority import Credentials
from library_suite.cluster.processes import HOST, Daemon, Folder, Owner, listens

NAME = "library"
"""Of the database and of the user whose it is."""


_FOR_TESTS = {"fsync": "off", "shared_buffers": "32MB", "max_connections": "60"}
"""Nobody wants the data of a test after a power cut."""


@dataclass(frozen=True)
class ServerPlace:
    """Where a server stands: its program, its port, whose it is, and the folder of the whole cluster."""

    program: Path
    port: int
    owner: Owner
    home: Folder


class PostgreSQL(Daemon):
    """A database server of its own, with one empty database."""

    def __init__(self, place: ServerPlace, initdb: Path, options: Mapping[str, str] = _FOR_TESTS) -> None:
        """`options` are settings of PostgreSQL, beside those that keep it on this machine."""
        self.port = place.port
        self.password = secrets.token_urlsafe()
        folder = place.home.make("postgresql", place.owner)
        secret = place.owner.write(folder / "password", self.password)
        how = ("--username", NAME, "--pwfile", secret, "--auth", "scram-sha-256", "--no-sync", "--locale", "C.UTF-8")
        place.owner.run(initdb, "--pgdata", folder / "data", *how, folder=folder)
        # On loopback alone, and without sockets in a folder that all of the machine shares.
        given = {"listen_addresses": HOST, "unix_socket_directories": "", **options}
        settings: list[str | Path] = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        command = (place.program, "-D", folder / "data", "-p", str(self.port), *settings)
        # The “fast” end: a smart one would wait for every connection (postgresql.org/docs/15/server-shutdown.html).
        super().__init__(command, folder, place.owner, place.home, answers=self.takes_queries, end=signal.SIGINT)

    def connect(self, name: str = NAME) -> psycopg.Connection:
        """Look into a database, or change it behind the site's back; each statement counts at once."""
        return psycopg.connect(
            host=HOST, port=self.port, user=NAME, password=self.password, dbname=name, autocommit=True
        )

    def takes_queries(self) -> bool:
        """Whether it has come up."""
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self) -> None:
        """Make the site's database."""
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    @property
    def url(self) -> str:
        """What DATABASE_URL takes, past PgBouncer."""
        return f"postgres://{NAME}:{self.password}@{HOST}:{self.port}/{NAME}"


class PgBouncer(Daemon):
    """A pool of connections that all nodes share, each lent out for one transaction."""

    def __init__(self, place: ServerPlace, database: PostgreSQL) -> None:
        folder = place.home.make("pgbouncer", place.owner)
        users = place.owner.write(folder / "users", f'"{NAME}" "{database.password}"\n')
        # After each transaction all that the connection holds is thrown away: whoever relies on it fails at once.
        # Nobody waits for long while the database is away, and it is tried again soon (pgbouncer.org/config.html: by
        # themselves two minutes and 15 seconds).
        configuration = f"""
[databases]
{NAME} = host={HOST} port={database.port} dbname={NAME}
[pgbouncer]
listen_addr = {HOST}
listen_port = {place.port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
server_reset_query = DISCARD ALL
server_reset_query_always = 1
default_pool_size = 10
max_client_conn = 100
query_wait_timeout = 2
server_login_retry = 1
"""
        command = (place.program, place.owner.write(folder / "pgbouncer.ini", configuration))
        super().__init__(command, folder, place.owner, place.home, answers=lambda: listens(place.port))
        self.url = f"postgres://{NAME}:{database.password}@{HOST}:{place.port}/{NAME}"
        """What DATABASE_URL takes."""


class RedisServer(Daemon):
    """A cache in memory, which a restart empties. Redis or Valkey."""

    def __init__(self, place: ServerPlace) -> None:
        self.password = secrets.token_urlsafe()
        self._port = place.port
        folder = place.home.make("redis", place.owner)
        configuration = f"""
bind {HOST}
port {place.port}
requirepass {self.password}
save ""
appendonly no
dir {folder}
"""
        command = (place.program, place.owner.write(folder / "redis.conf", configuration))
        super().__init__(command, folder, place.owner, place.home, answers=self._answers_ping)
        self.url = f"redis://:{self.password}@{HOST}:{place.port}/0"
        """What REDIS_URL takes."""

    def client(self) -> Redis:
        """Look into it."""
        return Redis(host=HOST, port=self._port, password=self.password)

    def _answers_ping(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except (RedisError, OSError):
            return False


class Nginx(Daemon):
    """Ends TLS and deals requests out to the nodes in turn, to another one where one is gone."""

    def __init__(self, place: ServerPlace, nodes: Sequence[int], credentials: Credentials, data: Path) -> None:
        """`nodes` are the ports of the nodes, `data` a node's data folder: in it is the page for when none answers."""
        self._own = place.home.make("nginx", place.owner)
        place.owner.give(credentials.key)
        text = _NGINX.format(
            folder=self._own,
            servers="\n".join(f"        server {HOST}:{port} fail_timeout=2s;" for port in nodes),
            host=HOST,
            port=place.port,
            chain=credentials.chain,
            key=credentials.key,
            data=data,
        )
        command = (
            place.program,
            "-p",
            self._own,
            "-c",
            place.owner.write(self._own / "nginx.conf", text),
            "-e",
            "stderr",
        )
        super().__init__(command, self._own, place.owner, place.home, answers=lambda: listens(place.port))

    def answered_by(self) -> list[int]:
        """The ports of the nodes that answered, one for each request since the start."""
        lines = (self._own / "nodes.log").read_text(encoding="utf-8").splitlines()
        return [port for line in lines if (port := answering_port(line)) is not None]


def answering_port(upstream: str) -> int | None:
    """The port of the node that answered, of nginx's `$upstream_addr`; None where no node was left.

    That is a list where some were tried in vain, and its last part is the group's name where none was left to try
    (nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_addr).
    """
    port = upstream.rpartition(", ")[2].rpartition(":")[2]
    return int(port) if port.isdecimal() else None


_NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    types {{ text/html html; text/css css; }}
    # Which node answered, and nothing of who asked.
    log_format nodes '$upstream_addr';
    access_log {folder}/nodes.log nodes;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_header_timeout 10s;
    client_body_timeout 10s;
    upstream nodes {{
{servers}
    }}
    server {{
        listen {host}:{port} ssl http2;
        ssl_certificate {chain};
        ssl_certificate_key {key};
        # What did not reach a node goes to the next one. A form that was sent to one does not, for it may have been
        # taken in: that is nginx's own rule for POST, unless "non_idempotent" is added here.
        proxy_next_upstream error timeout;
        proxy_connect_timeout 2s;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        gzip off;
        location / {{
            proxy_pass http://nodes;
            error_page 502 504 =503 /static/locallibrary/unavailable.html;
        }}
        location = /static/locallibrary/unavailable.html {{
            internal;
            root {data};
            add_header Retry-After 10 always;
            add_header Cache-Control no-store always;
            add_header Content-Security-Policy "default-src 'none'; style-src 'self'" always;
        }}
        location /static/ {{
            proxy_pass http://nodes;
            error_page 502 504 = @static;
        }}
        location @static {{
            root {data};
        }}
    }}
}}
"""
