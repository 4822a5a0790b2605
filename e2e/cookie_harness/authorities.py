"""Has a browser trust a certificate authority beside its own, as whoever runs a site with one of its own would.

No switch that accepts whatever comes: with one, a browser leaves out what it does over HTTPS alone, such as HSTS.
"""

import base64
import hashlib
import shutil
import ssl
import subprocess
from pathlib import Path

PACKAGE = "libnss3-tools"
"""What certutil is in, for apt-get."""


class CertutilMissing(RuntimeError):
    """Firefox learns of an authority by Mozilla's own program, and it is not here."""

    def __init__(self) -> None:
        super().__init__(f"Firefox trusts an authority by way of certutil: apt-get install {PACKAGE}")


def trust_in_firefox(profile: Path, authority: Path) -> None:
    """Write an authority's certificate (PEM) into a profile, as the page of Firefox's settings does.

    Raises `CertutilMissing`.
    """
    certutil = shutil.which("certutil")
    if certutil is None:
        raise CertutilMissing
    profile.mkdir(parents=True, exist_ok=True)
    database = ("-d", f"sql:{profile}")
    if not (profile / "cert9.db").exists():
        subprocess.run([certutil, "-N", *database, "--empty-password"], check=True, capture_output=True)
    add = (certutil, "-A", "-n", authority.name, "-t", "C,,", "-i", str(authority), *database)
    subprocess.run(add, check=True, capture_output=True)


def chromium_switch(authority: Path) -> str:
    """The switch by which Chromium trusts what one key has signed, and nothing else.

    It takes keys in place of certificates: base64 of the SHA-256 of the SubjectPublicKeyInfo
    (chromium.googlesource.com, services/network/public/cpp/network_switches.cc).
    """
    certificate = ssl.PEM_cert_to_DER_cert(authority.read_text(encoding="ascii"))
    digest = hashlib.sha256(public_key_info(certificate)).digest()
    return f"--ignore-certificate-errors-spki-list={base64.b64encode(digest).decode()}"


def public_key_info(certificate: bytes) -> bytes:
    """The part of a certificate (DER) that holds its key: SubjectPublicKeyInfo of RFC 5280, section 4.1."""
    signed_part = _elements(_elements(certificate)[0][1])[0][1]
    elements = _elements(signed_part)
    # Version, serial number, algorithm, issuer, validity and subject stand before it. An authority's certificate has a
    # version, as it has extensions.
    return elements[6][0]


def _elements(content: bytes) -> list[tuple[bytes, bytes]]:
    """Take the elements of a DER sequence apart: each whole, and its content alone (X.690, section 8.1)."""
    found = []
    while content:
        length, begin = content[1], 2
        if length & 0x80:
            begin += length & 0x7F
            length = int.from_bytes(content[2:begin], "big")
        found.append((content[: begin + length], content[begin : begin + length]))
        content = content[begin + length :]
    return found
