"""Whose account on which sync server: the password comes from the environment, the keyring, or the user, and stays out of files."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, NamedTuple

from flashprep.errors import FlashprepError

VARIABLE = "FLASHPREP_SYNC_PASSWORD"
_SERVICE = "flashprep sync"


class Account(NamedTuple):
    """An account on a sync server."""

    url: str  # ends in /
    user: str
    password: str
    asked: bool = False  # the user typed the password just now


def find(url: str, user: str) -> Account:
    """Return the account with its password: from the environment, the keyring, or the user at the terminal."""
    known = os.environ.get(VARIABLE) or _kept(url, user)
    if known:
        return Account(url, user, known)
    if not sys.stdin.isatty():
        raise FlashprepError(
            f"no password for {user} on {url}: set {VARIABLE}, or run it in a terminal once, where it is asked for"
        )
    from getpass import getpass

    typed = getpass(f"Password of {user} on {url}: ")
    if not typed:
        raise FlashprepError("no password was given: nothing was done")
    return Account(url, user, typed, asked=True)


def keep(account: Account) -> bool:
    """Put a password that the user typed into the keyring, where there is a safe one; tell whether it is kept."""
    ring = _ring() if account.asked else None
    if ring is None:
        return False
    with suppress(Exception):  # whatever a keyring may raise: the sync is done, and it is only asked for again
        ring.set_password(_SERVICE, f"{account.user} {account.url}", account.password)
        return True
    return False


def forget(url: str, user: str) -> bool:
    """Take a password out of the keyring; tell whether there was one."""
    ring = _ring()
    if ring is None or not _kept(url, user):
        return False
    with suppress(Exception):
        ring.delete_password(_SERVICE, f"{user} {url}")
        return True
    return False


def _kept(url: str, user: str) -> str:
    ring = _ring()
    if ring is None:
        return ""
    with suppress(Exception):  # a locked keyring, or none that works: the user is asked
        return ring.get_password(_SERVICE, f"{user} {url}") or ""
    return ""


def _ring() -> Any:
    """Return the keyring of the system, None where there is none but a plain file."""
    try:
        import keyring
    except ImportError:
        return None
    backend = keyring.get_keyring()
    module = type(backend).__module__
    plain = "fail" in module or "null" in module or module.startswith("keyrings.alt")
    return None if plain else backend
