"""Anki's own sync server, for phones on the same network. It listens on loopback unless the user names another address."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Sequence
from pathlib import Path

from flashprep.anki.mirror import available, translated
from flashprep.errors import FlashprepError

PORT = 27701  # that of Anki's server
LOOPBACK = "127.0.0.1"


def check(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, before anything is started."""
    available()
    try:
        family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    except ValueError:
        raise FlashprepError(
            f"--host {host}: give the address of this machine in numbers, such as 192.168.1.10, or 0.0.0.0 for all"
        ) from None
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise FlashprepError(
                f"cannot listen on {host}, port {port}: {error.strerror}; name another with --host or --port"
            ) from None


def addresses(host: str, port: int) -> tuple[str, list[str]]:
    """Return the address of a server that listens on ``host`` for this machine, and those for others on its network."""
    given = ipaddress.ip_address(host)
    if given.is_loopback:
        return _url(host, port), []
    if not given.is_unspecified:
        return _url(host, port), [_url(host, port)]
    import psutil

    found: Sequence[str] = [
        entry.address
        for entries in psutil.net_if_addrs().values()
        for entry in entries
        if entry.family == socket.AF_INET and not entry.address.startswith("127.")
    ]
    return _url(LOOPBACK, port), [_url(address, port) for address in found]


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run(host: str, port: int, user: str, password: str, folder: Path) -> None:
    """Run the server until it is stopped; collections lie in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    os.environ.update(
        SYNC_USER1=f"{user}:{password}",
        SYNC_HOST=host,
        SYNC_PORT=str(port),
        SYNC_BASE=str(folder),
        RUST_LOG="anki=warn",
    )
    import anki.collection  # noqa: F401 - first, or the imports of the package go in a circle
    from anki._backend import RustBackend

    with translated(_url(host, port)):
        RustBackend.syncserver()
