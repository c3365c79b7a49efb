"""The certificate that is made here: for which address, for how long, and who can read its key."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

import pytest
from cryptography import x509

from kneeroll.web.certificate import Certificate, make_certificate

ADDRESS = IPv4Address("127.0.0.1")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    return make_certificate(ADDRESS, datetime.now(UTC))


def test_it_is_good_for_one_address_and_a_month() -> None:
    made = x509.load_pem_x509_certificate(make_certificate(IPv4Address("192.168.1.23"), NOW).pem)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [x509.IPAddress(IPv4Address("192.168.1.23"))]
    assert made.not_valid_before_utc <= NOW - timedelta(hours=24)
    assert NOW + timedelta(days=1) < made.not_valid_after_utc < NOW + timedelta(days=398)


def test_it_cannot_vouch_for_others(certificate: Certificate) -> None:
    made = x509.load_pem_x509_certificate(certificate.pem)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_every_certificate_has_a_key_of_its_own(certificate: Certificate) -> None:
    assert make_certificate(ADDRESS, NOW).key_pem != certificate.key_pem


def test_the_fingerprint_is_the_one_that_browsers_print(certificate: Certificate) -> None:
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.pem.decode())).hexdigest().upper()
    assert certificate.fingerprint == ":".join(digest[i : i + 2] for i in range(0, 64, 2))


def test_only_this_user_can_read_the_key_and_it_is_gone_afterwards(certificate: Certificate) -> None:
    with certificate.files() as (pem, key):
        assert [path.stat().st_mode & 0o777 for path in (pem, key, key.parent)] == [0o600, 0o600, 0o700]
        assert key.read_bytes() == certificate.key_pem
    assert not key.parent.exists()


@pytest.mark.parametrize(("name", "fits"), [("127.0.0.1", True), ("127.0.0.2", False), ("localhost", False)])
def test_whoever_trusts_it_reaches_this_address_and_no_other(certificate: Certificate, name: str, fits: bool) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with certificate.files() as (pem, key):
        server.load_cert_chain(pem, key)
    client = ssl.create_default_context(cadata=certificate.pem.decode())
    here, there = socket.socketpair()
    with here, there:
        answering = threading.Thread(target=_answer, args=(server, there))
        answering.start()
        try:
            if fits:
                with client.wrap_socket(here, server_hostname=name) as line:
                    assert line.version() in ("TLSv1.2", "TLSv1.3")
            else:
                with pytest.raises(ssl.SSLCertVerificationError):
                    client.wrap_socket(here, server_hostname=name)
        finally:
            answering.join(10)


def _answer(context: ssl.SSLContext, there: socket.socket) -> None:
    try:
        with context.wrap_socket(there, server_side=True) as line:
            line.recv(1)
    except (ssl.SSLError, OSError):
        there.close()
