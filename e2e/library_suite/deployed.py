"""This site where somebody else runs it: only what a visitor can know of it is known.

``pytest e2e --base-url https://library.example`` runs the tests against it. What needs the server's own inside is left
out, in words.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cookie_audit.declared import read_declared
from cookie_audit.web import Unanswered

LOOKS_INSIDE = "it looks into the site's own database, files or console, and this run is against a deployed site"
OWN_SETTINGS = "it starts the site with settings of its own, and this run is against a deployed site"
SITE_OF_ITS_OWN = "it stops, changes or spoils a site of its own, and this run is against a deployed site"
SECOND_NAME = "it needs a second host name of the site, and this run is against {}, which has none that is known"

_OTHER_NAMES = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


class NotThisSite(ValueError):
    """What `--base-url` names is no address of this site; the message is one sentence."""


@dataclass(frozen=True)
class DeployedSite:
    """A site that this run did not start: a `Site`, of which only the address is known.

    A test that looks inside asks for the fixture `library_inside`, and is left out before it starts.
    """

    url: str
    """The site's address, without a slash at its end."""


def origin_of(base_url: str) -> str:
    """The address of a site as `--base-url` gives it, without a slash at its end; raises `NotThisSite`."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise NotThisSite(f"--base-url takes a scheme and a host, as in https://library.example, and not “{base_url}”.")
    return f"{parts.scheme}://{parts.netloc}"


def prove_this_site(url: str) -> None:
    """Read the declarations of a site; raises `NotThisSite` where nobody answers, or another site does."""
    try:
        read_declared(url)
    except Unanswered as error:
        if error.status is None:
            raise NotThisSite(f"{url} does not answer: {error}.") from error
        raise NotThisSite(f"{url} is not this site: it answers GET /cookies.json with {error.status}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise NotThisSite(f"{url} is not this site: its /cookies.json holds no declarations.") from error


def other_host_name(url: str) -> str | None:
    """Another name for the host of an address that leads to the same machine; browsers keep their cookies apart."""
    return _OTHER_NAMES.get(urlsplit(url).hostname or "")


def at_host(url: str, host: str) -> str:
    """The same address under another host name."""
    parts = urlsplit(url)
    return parts._replace(netloc=host + (f":{parts.port}" if parts.port else "")).geturl()
