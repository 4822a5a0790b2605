"""How a browser is told to trust an authority; that it then does, the tests of the cluster show."""

import base64
import hashlib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cookie_harness.authorities import PACKAGE, CertutilMissing, chromium_switch, trust_in_firefox
from library_suite.cluster.authority import issue

pytestmark = pytest.mark.promise("H9")


def test_chromium_is_told_the_hash_of_the_authoritys_key(tmp_path: Path) -> None:
    authority = issue(tmp_path).authority
    key = x509.load_pem_x509_certificate(authority.read_bytes()).public_key()
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = base64.b64encode(hashlib.sha256(info).digest()).decode()
    assert chromium_switch(authority) == f"--ignore-certificate-errors-spki-list={digest}"


def test_without_mozillas_program_one_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CertutilMissing, match=f"apt-get install {PACKAGE}"):
        trust_in_firefox(tmp_path, issue(tmp_path).authority)
