"""The consent managers of the registries, installed on demand into `build/corpus`: none is copied into the tree."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from cookie_corpus.table import FOLDER, CorpusSite

MANIFEST = FOLDER / "packages"
BUILD = FOLDER.parents[1] / "build" / "corpus"


class PackageMissing(RuntimeError):
    """A consent manager is not installed and can't be; the message is one sentence that says what to do."""


def package_of(site: CorpusSite) -> Path | None:
    """The folder of the consent manager that a site needs, installed if it was not; raises `PackageMissing`."""
    if site.needs is None:
        return None
    registry, _, name = site.needs.partition(":")
    match registry:
        case "npm":
            return npm_modules() / name
        case "pip":
            return python_packages(name)
    raise PackageMissing(f"{site.name} needs {site.needs}, and only packages of npm and pip can be installed.")


def npm_modules() -> Path:
    """Where npm has put what `packages/package-lock.json` pins; installs it once. Raises `PackageMissing`."""
    modules, done = BUILD / "node_modules", BUILD / "installed.json"
    lock = (MANIFEST / "package-lock.json").read_text(encoding="utf-8")
    if done.is_file() and done.read_text(encoding="utf-8") == lock:
        return modules
    if (npm := shutil.which("npm")) is None:
        raise PackageMissing("The sites of real consent managers need npm: install Node.js (Debian: apt install npm).")
    BUILD.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(MANIFEST / name, BUILD / name)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run = subprocess.run(command, cwd=BUILD, capture_output=True, text=True, check=False)
    if run.returncode:
        raise PackageMissing(f"npm could not install the consent managers: {run.stderr.strip().splitlines()[:1]}")
    done.write_text(lock, encoding="utf-8")
    return modules


def python_packages(name: str) -> Path:
    """Where pip has put what `packages/NAME.txt` pins, its own Django too; installs it once.

    Raises `PackageMissing`.
    """
    folder, lock = BUILD / name, MANIFEST / f"{name}.txt"
    done, pinned = folder / "installed.txt", lock.read_text(encoding="utf-8")
    if done.is_file() and done.read_text(encoding="utf-8") == pinned:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    options = [
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--target",
        str(folder),
    ]
    command = [sys.executable, "-m", "pip", "install", *options, "--requirement", str(lock)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise PackageMissing(f"pip could not install {name}: {run.stderr.strip().splitlines()[-1:]}")
    done.write_text(pinned, encoding="utf-8")
    return folder


def python_versions() -> dict[str, str]:
    """The pinned version of each consent manager of PyPI."""
    lines = (file.read_text(encoding="utf-8").splitlines()[-1] for file in sorted(MANIFEST.glob("*.in")))
    return {name: version for name, _, version in (each.partition("==") for each in lines)}


def versions() -> dict[str, str]:
    """The pinned version of each consent manager of npm."""
    wanted: dict[str, str] = json.loads((MANIFEST / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return wanted
