"""Who may reach the server: what a request has to bring, from its headers alone.

A page of a stranger in the same browser can send requests here, and open sockets. So a request has to name this server
(another name that leads here is a rebound one), come from a page of this server, and bring a secret that only
a browser has that was sent here with the address in the terminal.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import urlsplit

_SECRET_BYTES = 32
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""The names of this computer that browsers send."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as it is judged."""

    method: str
    path: str
    hosts: Sequence[str]
    """All headers ``Host`` there are."""
    origins: Sequence[str]
    """All headers ``Origin``."""
    site: str = ""
    """``Sec-Fetch-Site``, or empty."""
    mode: str = ""
    """``Sec-Fetch-Mode``, or empty."""
    cookie: str = ""
    token: str = ""
    """Of the address."""
    is_socket: bool = False
    forwarded_host: str = ""
    """``X-Forwarded-Host``, or empty."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a request gets nothing."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that gets what it asks for."""

    is_new: bool = False
    """Whether the browser has to be given the secret first."""
    is_safe: bool = False
    """Whether the page is sent by an address that nobody listens in on."""


class Access:
    """The secrets of a server, and the rule."""

    def __init__(self, port: int, *, behind_proxy: bool = False) -> None:
        """Make the secrets.

        Args:
            port: that is listened at.
            behind_proxy: whether a proxy passes requests on, under a name that is not known here.
        """
        self._port = port
        self._names = None if behind_proxy else frozenset(f"{name}:{port}" for name in _LOOPBACK)
        self._secret = secrets.token_urlsafe(_SECRET_BYTES)
        self._token = secrets.token_urlsafe(_SECRET_BYTES)

    @property
    def cookie_name(self) -> str:
        """Cookies know no ports: each server of a computer has a name of its own."""
        return f"ner-tui-{self._port}"

    @property
    def cookie(self) -> str:
        """What the cookie of a browser that is let in holds."""
        return self._secret

    @property
    def token(self) -> str:
        """What the next browser is let in with, once."""
        return self._token

    def judge(self, asked: Asked) -> Admitted | Refused:
        """Say whether a request is let in; a token that lets one in is used up."""
        if asked.method not in ("GET", "HEAD"):
            return Refused(405, "nothing is taken here but GET")
        host = self._host(asked)
        if host is None:
            return Refused(421, "this is not the name of the server: use the address in the terminal")
        if asked.is_socket and not asked.origins:
            return Refused(403, "a socket has to say which page opens it")
        if asked.origins and not (len(asked.origins) == 1 and _is_of(asked.origins[0], host)):
            return Refused(403, "this was asked for by a page of another server")
        is_visit = asked.path == "/" and asked.mode in ("", "navigate") and not asked.is_socket
        if asked.site not in ("", "none", "same-origin") and not is_visit:
            return Refused(403, "this was asked for by a page of another server")
        is_safe = any(urlsplit(each).scheme == "https" for each in asked.origins)
        if _same(asked.cookie, self._secret):
            return Admitted(is_safe=is_safe)
        if is_visit and _same(asked.token, self._token):
            self._token = secrets.token_urlsafe(_SECRET_BYTES)
            return Admitted(is_new=True, is_safe=is_safe)
        return Refused(403, "open the address that ner-tui serve says in the terminal; each lets one browser in")

    def _host(self, asked: Asked) -> str | None:
        """Return the name that a request is sent to; None if that is not this server."""
        if len(asked.hosts) != 1:
            return None
        host = asked.hosts[0].lower()
        if self._names is None:
            return asked.forwarded_host.lower() or host or None
        return host if host in self._names else None


def _is_of(origin: str, host: str) -> bool:
    scheme, separator, name = origin.lower().partition("://")
    return scheme in ("http", "https") and bool(separator) and name == host


def _same(given: str, secret: str) -> bool:
    return compare_digest(given.encode("utf-8", "replace"), secret.encode())
