"""Files that only say what is in a text, which is in a file beside them."""

from __future__ import annotations

from ner_tui.formats.files.compression import suffix_of, with_other_suffix

_TEXTS = {".ann": ".txt"}
"""Their suffixes, and those of the texts."""


def has_text_beside(path: str) -> bool:
    """Whether a file is about a text beside it: where there is nothing to say of the text, it is empty."""
    suffix = _TEXTS.get(suffix_of(path))
    return suffix is not None and with_other_suffix(path, suffix).is_file()
