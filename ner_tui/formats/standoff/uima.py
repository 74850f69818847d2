"""UIMA: a CAS, which holds a text and annotations of types that a type system declares, as XMI or as JSON.

``xmi`` is a file ``x.xmi`` and its type system, ``x.typesystem.xml`` or ``TypeSystem.xml``, beside it, as INCEpTION
exports them in a ZIP archive; a sample of the first::

    <xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"
        xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore" xmi:version="2.0">
      <cas:NULL xmi:id="0"/>
      <ner:NamedEntity xmi:id="2" sofa="1" begin="0" end="7" value="PER"/>
      <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="Ann Lee left."/>
      <cas:View sofa="1" members="2"/>
    </xmi:XMI>

``cas-json`` is one file with its type system in it, ``{"%TYPES": …, "%FEATURE_STRUCTURES": [{"%TYPE": …, "begin": 0,
"end": 7, "value": "PER"}, …], "%VIEWS": …}``. Both are read and written by dkpro-cassis, an extra (``[uima]``). Offsets
are UTF-16 units.

Read: the text of the first view that has one; its tokens and sentences if it has DKPro's; and the annotations of
DKPro's ``NamedEntity`` or its subtypes, else of one other type with a feature called value, label or the like. Those of
other types are left out and told. Without a type system beside it, an XMI is read with the types of DKPro Core. A
document type declaration, by which XML can name other files or unfold without end, is refused.

Written: one document; DKPro's tokens, sentences and named entities, decisions and open suggestions alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

from ner_tui.domain.counting import counted
from ner_tui.domain.spans import Token
from ner_tui.domain.stream import StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats.base import Inference, WriteOptions
from ner_tui.formats.files.beside import TYPE_SYSTEM
from ner_tui.formats.files.source import Source
from ner_tui.formats.standoff.extras import require_extra
from ner_tui.formats.standoff.given_sentences import sentences_at
from ner_tui.formats.standoff.label_features import LABEL_FEATURES, NAMED_ENTITY
from ner_tui.formats.standoff.offset_spans import MarkedText, OffsetSpan, short_name
from ner_tui.formats.standoff.placing import read_marked
from ner_tui.formats.standoff.uima_file import (
    IDS,
    XMI,
    StructureLines,
    bare_type,
    loaded,
    read_warnings,
    type_system_of,
)
from ner_tui.formats.standoff.whole_documents import WholeDocument, only_document

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

_SEGMENTATION = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
_TOKEN, _SENTENCE = f"{_SEGMENTATION}.Token", f"{_SEGMENTATION}.Sentence"
_BUILT_IN = ("uima.", "de.tudarmstadt.ukp.dkpro.core.", "de.tudarmstadt.ukp.clarin.webanno.api.")
_OF_DOCUMENT = re.compile(
    r"uima\.tcas\.DocumentAnnotation|.*\.(?:DocumentMetaData|TagsetDescription|TagDescription|CASMetadata)"
)
"""Types that say something of the document or its tag sets, and are no annotation of words."""
_STRING = "uima.cas.String"
_NAMESPACE = "http://www.omg.org/XMI"
_HEAD = 4000
"""Characters in which a file says what it is."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def infer(source: Source, name: str, *, sure: bool) -> Inference | None:
    """Take a file that begins as one of its kind does; see ``base.Format.infer``.

    Raises:
        InputError: also where the package that reads it is not installed.
    """
    head = next(source.chunks(), "")[:_HEAD]
    own = _NAMESPACE in head if name == XMI else '"%TYPES"' in head or '"%FEATURE_STRUCTURES"' in head
    what = "UIMA XMI" if name == XMI else "a UIMA CAS as JSON"
    if not own:
        if sure:
            raise FormatError(source.path, 1, f"this is no file of {what}")
        return None
    require_extra("cassis", "uima", f"{source.path} is {what}")
    beside = type_system_of(source) if name == XMI else None
    more = f", with {beside.name} beside it" if beside else ", without a type system beside it" if name == XMI else ""
    return Inference(name, f"{source.path}: read as {name}, {what}{more}")


def read(source: Source, inference: Inference) -> Iterator[StreamItem]:
    """Yield the document; see ``base.Format.read``."""
    return read_marked(source, inference, lambda: iter([_marked(source, inference.format)]))


def _marked(source: Source, name: str) -> MarkedText:
    text = source.text
    cas, told = loaded(source, name, text)
    lines = StructureLines(text, IDS[name])
    views = [view.sofa for view in cas.views if view.sofa.sofaString]
    if not views:
        return MarkedText(1, "", [])
    view = cas.get_view(views[0].sofaID)
    words = view.sofa_string
    problems = read_warnings(source, lines, told)
    if len(views) > 1:
        further = counted(
            len(views) - 1, "further view with a text of its own is", "further views with texts of their own are"
        )
        problems.append((1, f"{further} left out"))
    annotations = [each for each in view.select_all_annotations() if not _OF_DOCUMENT.fullmatch(each.type.name)]
    for each in annotations:
        if type(each.begin) is not int or type(each.end) is not int:
            reason = f"a {short_name(bare_type(each.type.name))} does not say where it begins and ends"
            raise FormatError(source.path, lines.of(each.xmiID), reason)
    tokens = [Token(each.begin, each.end) for each in annotations if each.type.name == _TOKEN]
    starts = [each.begin for each in annotations if each.type.name == _SENTENCE]
    marks = _entities(annotations, lines, words, problems)
    marked = MarkedText(1, words, marks)
    if tokens:
        marked.origin, marked.tokens = "tokens", sorted(set(tokens))
    marked.sentences = sentences_at(starts, words, marked.tokens) if starts else None
    marked.problems = problems
    return marked


def _entities(
    annotations: Iterable[Any], lines: StructureLines, text: str, problems: list[tuple[int, str]]
) -> list[OffsetSpan]:
    """Return the entities among annotations; what is none is added to ``problems``."""
    by_type: dict[str, list[Any]] = {}
    for each in annotations:
        by_type.setdefault(each.type.name, []).append(each)
    chosen = _chosen({name: each[0].type for name, each in by_type.items()})
    marks: list[OffsetSpan] = []
    for name, of_type in by_type.items():
        if name in (_TOKEN, _SENTENCE):
            continue
        feature = chosen.get(name)
        if feature is None:
            what = f"{counted(len(of_type), 'annotation')} of {short_name(bare_type(name))} left out"
            problems.append((lines.of(of_type[0].xmiID), what))
            continue
        for each in of_type:
            label = getattr(each, feature, None)
            if not label and name != NAMED_ENTITY and _is_entity(each.type):
                label = bare_type(name)
            if not isinstance(label, str) or not label.strip():
                reason = f"a {short_name(bare_type(name))} without a {feature} is left out"
                problems.append((lines.of(each.xmiID), reason))
                continue
            said = text[each.begin : each.end] if 0 <= each.begin <= each.end <= len(text) else None
            marks.append(OffsetSpan(each.begin, each.end, label, lines.of(each.xmiID), said))
    problems.sort(key=lambda problem: problem[0])
    return marks


def _is_entity(kind: Any) -> bool:
    """Whether a type is DKPro's named entity, or made from it."""
    while kind is not None:
        if kind.name == NAMED_ENTITY:
            return True
        kind = kind.supertype
    return False


def _chosen(types: Mapping[str, Any]) -> dict[str, str]:
    """Return which types are those of entities, each with the feature that has the label."""
    own = dict.fromkeys((name for name, kind in types.items() if _is_entity(kind)), "value")
    if own:
        return own
    ranked: list[tuple[int, str, str]] = []
    for name, kind in types.items():
        if name.startswith(_BUILT_IN):
            continue
        features = [feature.name for feature in kind.all_features if feature.rangeType.name == _STRING]
        known = [(LABEL_FEATURES.index(each.lower()), each) for each in features if each.lower() in LABEL_FEATURES]
        if known:
            rank, feature = min(known)
            ranked.append((rank, name, feature))
        elif len(features) == 1:
            ranked.append((len(LABEL_FEATURES), name, features[0]))
    return {name: feature for _, name, feature in sorted(ranked)[:1]}


def write(items: Iterable[StreamItem], out: TextIO, options: WriteOptions) -> None:
    """Write the one document when it is complete, an XMI's type system to the file beside it.

    Raises:
        InputError: also where the package that writes it is not installed.
    """
    require_extra("cassis", "uima", f"{options.fmt} is written by dkpro-cassis")
    for document in only_document(items, "a CAS"):
        cas = _cas_of(document)
        if options.fmt != XMI:
            out.write(f"{cas.to_json(ensure_ascii=False)}\n")
            continue
        found = _NO_XML.search(document.text) or _NO_XML.search("".join(span.label for span in document.spans))
        if found:
            raise FormatError(document.name, 1, f"XML has no place for the character {found[0]!r}: use --to cas-json")
        out.write(str(cas.to_xmi()))
        if options.beside is not None:
            options.beside(TYPE_SYSTEM).write(_types().to_xml())


def _cas_of(document: WholeDocument) -> Cas:
    import cassis

    cas = cassis.Cas(_types())
    cas.sofa_string = document.text
    cas.sofa_mime = "text/plain"
    token, sentence, entity = (cas.typesystem.get_type(name) for name in (_TOKEN, _SENTENCE, NAMED_ENTITY))
    for item in document.sentences:
        if tokens := item.sentence.tokens:
            cas.add(sentence(begin=tokens[0].start, end=tokens[-1].end))
        for each in tokens:
            cas.add(token(begin=each.start, end=each.end))
    for span in document.spans:
        cas.add(entity(begin=span.start, end=span.end, value=span.label))
    return cas


@cache
def _types() -> TypeSystem:
    """Return the types that are written, as DKPro Core declares them, but for features that stay empty."""
    import cassis

    types = cassis.TypeSystem()
    for name in (_TOKEN, _SENTENCE):
        types.create_type(name, supertypeName="uima.tcas.Annotation")
    entity = types.create_type(NAMED_ENTITY, supertypeName="uima.tcas.Annotation")
    for feature in ("value", "identifier"):
        types.create_feature(entity, feature, _STRING)
    return types
