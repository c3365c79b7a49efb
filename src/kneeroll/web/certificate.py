"""A certificate for one address of this machine, made anew at every start: browsers give a camera only over HTTPS."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

EARLY, LASTS = timedelta(days=1), timedelta(days=30)
"""Valid from so much before `now` (the phone's clock may be behind), and for so long after it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate with its private key, both as PEM. The key never reaches a disk but inside `files`."""

    pem: bytes
    key_pem: bytes
    fingerprint: str
    """SHA-256 of the certificate as browsers print it: pairs of hexadecimal digits with colons."""

    @contextlib.contextmanager
    def files(self) -> Iterator[tuple[Path, Path]]:
        """(certificate, key) as files that only this user can read, gone at the end: TLS is set up from files alone."""
        with tempfile.TemporaryDirectory(prefix="kneeroll-") as folder:
            paths = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
            for path, content in zip(paths, (self.pem, self.key_pem), strict=True):
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                    out.write(content)
            yield paths


def make_certificate(address: IPv4Address, now: datetime) -> Certificate:
    """A fresh key (P-256) and a certificate that is good for `address` alone."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kneeroll")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLY)
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(address)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return Certificate(
        pem=made.public_bytes(serialization.Encoding.PEM),
        key_pem=key.private_bytes(serialization.Encoding.PEM, *plain),
        fingerprint=made.fingerprint(hashes.SHA256()).hex(":").upper(),
    )
