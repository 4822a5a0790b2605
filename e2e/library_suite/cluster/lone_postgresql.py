"""A PostgreSQL by itself, for what is measured on one: it ends with the process that started it."""

import atexit
from contextlib import ExitStack

from library_suite.cluster.processes import Folder, Owner, free_ports
from library_suite.cluster.programs import PROGRAMS, find_programs
from library_suite.cluster.servers import PostgreSQL, ServerPlace


def start_postgresql() -> str:
    """Start one with an empty database, which keeps what it wrote as a real one does; gives what DATABASE_URL takes.

    Raises `ProgramsMissing` and `ProcessFailed`.
    """
    programs = find_programs({name: PROGRAMS[name] for name in ("initdb", "postgres")})
    stack = ExitStack()
    atexit.register(stack.close)
    (port,) = free_ports(1)
    place = ServerPlace(programs["postgres"], port, Owner(), stack.enter_context(Folder()))
    server = PostgreSQL(place, programs["initdb"], {})
    server.start()
    server.create_database()
    return server.url
