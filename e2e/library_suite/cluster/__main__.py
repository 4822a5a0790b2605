"""Brings a cluster up for a person, until Ctrl-C: ``scripts/cluster``."""

import argparse
import signal
import sys
from collections.abc import Sequence

from library_suite.cluster.cluster import Cluster
from library_suite.cluster.processes import ProcessFailed
from library_suite.cluster.programs import ProgramsMissing


def main(arguments: Sequence[str]) -> int:
    """Run it; the exit code is 1 where it did not come up."""
    parser = argparse.ArgumentParser(prog="scripts/cluster")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--session-engine", default="cached_db")
    options = parser.parse_args(arguments)
    # As Ctrl-C does. Whatever else ends this process, the caretaker sees to the others.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Cluster({"SESSION_ENGINE": options.session_engine}, options.port) as cluster:
            print(f"The library runs at {cluster.url}/")
            print(f"  authority   {cluster.credentials.authority}")
            print(f"  nodes       {' '.join(node.url for node in cluster.nodes)}")
            print(f"  PostgreSQL  {cluster.postgresql.url}")
            print(f"  PgBouncer   {cluster.pgbouncer.url}")
            print(f"  Redis       {cluster.redis.url}")
            print("Ctrl-C takes it down, and removes all that it wrote.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except (ProgramsMissing, ProcessFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
