"""Formats that need a package of their own: what installs it, where it is missing, and what its errors say."""

from __future__ import annotations

from importlib.util import find_spec

from ner_tui.errors import InputError


def require_extra(package: str, extra: str, what: str) -> None:
    """Refuse what only ``package`` reads or writes, where it is not installed; it is not loaded.

    Args:
        what: is to be read or written, as the beginning of a sentence, such as ``x.xmi is UIMA XMI``.

    Raises:
        InputError: it is not installed.
    """
    if find_spec(package) is None:
        raise InputError(f"{what}, for which a package is missing: pip install 'ner-tui[{extra}]'")


def said_by(error: Exception) -> str:
    """Return what such a package says of a broken file, in a line, shortened."""
    return " ".join((str(error) or type(error).__name__).split())[:120]
