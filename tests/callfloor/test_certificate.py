"""The self-signed certificate: good for TLS under every name of this machine, made once, its key private."""

import ipaddress
import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest
from cryptography import x509

from callfloor.certificate import make


def names(path: Path) -> x509.SubjectAlternativeName:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


@pytest.mark.parametrize("host", ["127.0.0.1", "192.168.7.9", "calls.example.com", "::1"])
def test_a_browser_that_trusts_it_can_connect(tmp_path: Path, host: str) -> None:
    """A real TLS handshake with the host's name checked."""
    certificate, key = make(tmp_path, host)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate, key)
    theirs = ssl.create_default_context(cafile=str(certificate))
    near, far = socket.socketpair()
    server = threading.Thread(target=lambda: ours.wrap_socket(near, server_side=True).close())
    server.start()
    with theirs.wrap_socket(far, server_hostname=host) as secure:
        assert secure.version() in ("TLSv1.2", "TLSv1.3")
    server.join()


def test_this_machine_and_loopback_are_always_named(tmp_path: Path) -> None:
    """Also when the server listens on all addresses, which is no name."""
    certificate, _ = make(tmp_path, "0.0.0.0")
    found = names(certificate)
    assert "localhost" in found.get_values_for_type(x509.DNSName)
    assert socket.gethostname() in found.get_values_for_type(x509.DNSName)
    assert found.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("127.0.0.1")]


def test_the_key_is_for_the_owner_only(tmp_path: Path) -> None:
    """Nobody else on the machine may read it."""
    _, key = make(tmp_path, "127.0.0.1")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_it_is_made_once(tmp_path: Path) -> None:
    """Browsers that were told to trust it keep trusting it after a restart."""
    certificate, key = make(tmp_path, "127.0.0.1")
    before = certificate.read_bytes(), key.read_bytes()
    assert make(tmp_path, "127.0.0.1") == (certificate, key)
    assert (certificate.read_bytes(), key.read_bytes()) == before


def test_a_host_it_does_not_name_makes_it_anew(tmp_path: Path) -> None:
    """The address people type must be in it, also when that was changed since."""
    before = make(tmp_path, "127.0.0.1")[0].read_bytes()
    certificate, _ = make(tmp_path, "0.0.0.0", "192.168.7.9")
    assert certificate.read_bytes() != before
    assert ipaddress.ip_address("192.168.7.9") in names(certificate).get_values_for_type(x509.IPAddress)
    after = certificate.read_bytes()
    assert make(tmp_path, "127.0.0.1")[0].read_bytes() == after
