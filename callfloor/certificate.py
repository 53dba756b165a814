"""A self-signed certificate, so that browsers on a LAN give the page a microphone."""

import datetime
import ipaddress
import socket
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAYS = 825
RENEW_DAYS = 30


def make(folder: Path, *hosts: str) -> tuple[Path, Path]:
    """(certificate, key) for these hosts, this machine's name and loopback, kept in ``folder``.

    It is made once, so that browsers told to trust it go on doing so; anew when a host is missing from it or
    it ends within ``RENEW_DAYS``.
    """
    certificate, key = folder / "certificate.pem", folder / "certificate.key"
    names = _names(hosts)
    if certificate.is_file() and key.is_file() and _serves(certificate, names):
        return certificate, key
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Callfloor")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(private, hashes.SHA256())
    )
    key.touch(mode=0o600)
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _serves(certificate: Path, names: list[x509.GeneralName]) -> bool:
    known = x509.load_pem_x509_certificate(certificate.read_bytes())
    there = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    left = known.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    return set(names) <= set(there) and left > datetime.timedelta(days=RENEW_DAYS)


def _names(hosts: tuple[str, ...]) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.DNSName(socket.gethostname())]
    for text in dict.fromkeys(("127.0.0.1", *hosts)):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            names.append(x509.DNSName(text))
            continue
        if not address.is_unspecified:
            names.append(x509.IPAddress(address))
    return names
