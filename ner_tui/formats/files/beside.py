"""Files that only say what is in a text, or what its types are, and are read with a file beside them."""

from __future__ import annotations

from pathlib import Path

from ner_tui.formats.files.compression import suffix_of, with_other_suffix

_TEXTS = {".ann": ".txt"}
"""Their suffixes, and those of the texts."""
TYPE_SYSTEM = ".typesystem.xml"
"""How the name of a file of types ends that is one other file's."""
TYPE_SYSTEMS = ("TypeSystem.xml", "typesystem.xml")
"""What files of types are called that are those of all files beside them."""


def has_text_beside(path: str) -> bool:
    """Whether a file is about a text beside it: where there is nothing to say of the text, it is empty."""
    suffix = _TEXTS.get(suffix_of(path))
    return suffix is not None and with_other_suffix(path, suffix).is_file()


def is_read_beside(path: str) -> bool:
    """Whether a file is read with another one, and never by itself."""
    return has_text_beside(path) or path.endswith(TYPE_SYSTEM) or Path(path).name in TYPE_SYSTEMS
