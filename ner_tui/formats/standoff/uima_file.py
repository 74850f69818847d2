"""The file of a CAS: what cassis makes of it, and what is dangerous or broken in it; see ``uima``."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ner_tui.errors import FormatError
from ner_tui.formats.files.beside import TYPE_SYSTEM, TYPE_SYSTEMS
from ner_tui.formats.files.compression import with_other_suffix
from ner_tui.formats.files.source import Source, open_source
from ner_tui.formats.standoff.extras import said_by
from ner_tui.formats.standoff.offset_spans import short_name

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

XMI = "xmi"
"""The format of the two that is XML."""
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
IDS = {"xmi": re.compile(r'\bxmi:id="(\d+)"', re.ASCII), "cas-json": re.compile(r'"%ID"\s*:\s*(\d+)', re.ASCII)}
"""What says the id of a feature structure, by format."""
_UNMAPPED = re.compile(r"offset \[(-?\d+)\]")
_UNKNOWN = re.compile(r"Type with name \[(.+?)\] not found")


def type_system_of(source: Source) -> Path | None:
    """Return where the type system of an XMI is; None: nowhere."""
    path = Path(source.path)
    own = with_other_suffix(path, TYPE_SYSTEM)
    others = [path.with_name(name) for name in TYPE_SYSTEMS]
    return next((each for each in (own, *others) if each.is_file()), None)


def loaded(source: Source, name: str, text: str) -> tuple[Cas, list[str]]:
    """Return what cassis makes of a file, and what it warns of."""
    import cassis
    from lxml.etree import XMLSyntaxError

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            if name == XMI:
                _require_plain_xml(source.path, text)
                types = _type_system(source)
                # Without declarations nothing of a file unfolds, so its size is a bound.
                cas = cassis.load_cas_from_xmi(_bare(text), typesystem=types, lenient=True, trusted=True)
            else:
                cas = cassis.load_cas_from_json(text)
        except FormatError:
            raise
        except XMLSyntaxError as error:
            reason = " ".join((str(error.msg).rpartition(", line ")[0] or str(error.msg)).split())
            raise FormatError(source.path, error.lineno or 1, f"this is no XML: {reason}") from error
        except Exception as error:  # cassis has no errors of its own for what is broken
            what = "a type, feature or reference does not fit" if name == XMI else "it is broken"
            raise FormatError(source.path, 1, f"this is no whole CAS, {what}: {said_by(error)}") from error
    return cas, [str(each.message) for each in told]


def _require_plain_xml(path: str, text: str) -> None:
    found = re.search(r"<!(?:DOCTYPE|ENTITY)", text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise FormatError(path, line, f"{found[0]} declares what XML may fetch or unfold: take it out, no CAS needs it")


def _bare(text: str) -> str:
    """Return XML without its declaration: it is encoded anew."""
    return _DECLARATION.sub("", text, count=1)


def _type_system(source: Source) -> TypeSystem:
    import cassis

    path = type_system_of(source)
    if path is None:
        return cassis.load_dkpro_core_typesystem()
    beside = open_source(str(path))
    _require_plain_xml(beside.path, beside.text)
    try:
        return cassis.load_typesystem(_bare(beside.text))
    except Exception as error:  # as above
        raise FormatError(beside.path, 1, f"this is no type system: {said_by(error)}") from error


def read_warnings(source: Source, lines: StructureLines, told: Iterable[str]) -> list[tuple[int, str]]:
    """Return what is lost, as cassis warned of it.

    Raises:
        FormatError: an offset is none of the text's.
    """
    unknown: Counter[str] = Counter()
    for warning in told:
        if offset := _UNMAPPED.search(warning):
            reason = f"an annotation begins or ends at {offset[1]}, which is no UTF-16 offset of the text"
            raise FormatError(source.path, lines.of_offset(offset[1]), reason)
        if found := _UNKNOWN.search(warning):
            unknown[found[1]] += 1
    step = "is in no type system here: TypeSystem.xml has to be beside it"
    return [
        (1, f"{count:,} × {short_name(bare_type(name))}, which {step}: left out") for name, count in unknown.items()
    ]


class StructureLines:
    """In which lines of a file its feature structures stand."""

    def __init__(self, text: str, ids: re.Pattern[str]) -> None:
        self._text, self._ids = text, ids
        self._found: Mapping[int, int] | None = None

    def of(self, identifier: object) -> int:
        """Return the line of one, 1 where it cannot be told."""
        if self._found is None:
            self._found = dict(self._all())
        return self._found.get(identifier, 1) if isinstance(identifier, int) else 1

    def of_offset(self, offset: str) -> int:
        """Return the first line that says so of where something begins or ends."""
        found = re.search(rf'\b(?:begin|end)"?\s*[=:]\s*"?{offset}\b', self._text)
        return self._text.count("\n", 0, found.start()) + 1 if found else 1

    def _all(self) -> Iterator[tuple[int, int]]:
        line, at = 1, 0
        for found in self._ids.finditer(self._text):
            line, at = line + self._text.count("\n", at, found.start()), found.start()
            yield int(found[1]), line


def bare_type(name: str) -> str:
    """Return the name of a type without its packages."""
    return name.rpartition(".")[2]
