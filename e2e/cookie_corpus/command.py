"""The command: serves sites of the corpus, and proves that they do what their tables say."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from cookie_corpus.packages import PackageMissing, package_of
from cookie_corpus.proof import complaints, contexts_of, prove
from cookie_corpus.server import CorpusServer
from cookie_corpus.table import CorpusSite, TableError, sites_named
from cookie_corpus.visitor import StepMissing
from cookie_harness import EngineError, find_engine
from cookie_harness.engines import ENGINE_NAMES, EngineName

DONE, DIFFERS, NOT_DONE = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Serve or prove, and give back the exit code."""
    parser = argparse.ArgumentParser("python -m cookie_corpus", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name every site, with what it does").add_argument("sites", nargs="*")
    commands.add_parser("serve", help="serve one site until Ctrl-C").add_argument("sites", nargs=1, metavar="NAME")
    proving = commands.add_parser("prove", help="send a visitor, and say where a site differs from its table")
    proving.add_argument("sites", nargs="*", metavar="NAME")
    proving.add_argument("--browser", choices=ENGINE_NAMES, default="chromium")
    given = parser.parse_args(arguments)
    try:
        sites = sites_named(given.sites)
        match given.command:
            case "list":
                print("\n".join(f"{each.name:32} {each.title}" for each in sites))
            case "serve":
                _serve(sites[0])
            case _:
                return _prove(sites, given.browser)
    except (TableError, PackageMissing, EngineError) as error:
        print(error, file=sys.stderr)
        return NOT_DONE
    return DONE


def run() -> NoReturn:
    """Do it with the arguments of this process, and end it."""
    sys.exit(main(sys.argv[1:]))


def _serve(site: CorpusSite) -> None:
    with CorpusServer(site, package_of(site)) as server:
        print(f"{site.title}: {server.url}", flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            print()


def _prove(sites: Sequence[CorpusSite], browser: EngineName) -> int:
    differs = 0
    with contexts_of(find_engine(browser)) as open_context:
        for site in sites:
            try:
                found = complaints(site, prove(site, open_context), browser)
            except StepMissing as error:
                found = [str(error)]
            differs += bool(found)
            print("\n".join(found) or f"{site.name}: as its table says", flush=True)
    return DIFFERS if differs else DONE
