"""UIMA: XMI and JSON through cassis, whose offsets are UTF-16 units; what is broken, dangerous or of other types."""

# ruff: noqa: E501

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ner_tui.cli import main
from ner_tui.domain.stream import AnnotatedSentence, Problem, StreamItem
from ner_tui.errors import FormatError, InputError
from ner_tui.formats import infer_format, open_source, read
from ner_tui.formats.standoff.uima_file import StructureLines

cassis = pytest.importorskip("cassis")

CORE = "de/tudarmstadt/ukp/dkpro/core/api"
TEXT = "😀 Eva Kim was in Rome.&#10;It rained."
FEATURES = """  <ner:NamedEntity xmi:id="2" sofa="1" begin="3" end="10" value="PER"/>
  <ner:NamedEntity xmi:id="3" sofa="1" begin="18" end="22" value="LOC"/>
"""


def xmi(features: str = FEATURES, text: str = TEXT, head: str = "") -> str:
    members = " ".join(str(number) for number in range(2, 30) if f'xmi:id="{number}"' in features)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
        f'xmlns:cas="http:///uima/cas.ecore" xmlns:ner="http:///{CORE}/ner/type.ecore" '
        f'xmlns:seg="http:///{CORE}/segmentation/type.ecore" xmlns:custom="http:///webanno/custom.ecore" '
        f'xmlns:pos="http:///{CORE}/lexmorph/type/pos.ecore" xmi:version="2.0">\n  <cas:NULL xmi:id="0"/>\n{features}'
        f'  <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{text}"/>\n'
        f'  <cas:View sofa="1" members="{members}"/>\n</xmi:XMI>\n'
    )


def types(**features: list[str]) -> str:
    """Return a type system of types of a person's own, each with features that are texts."""
    system = cassis.load_dkpro_core_typesystem()
    for name, own in features.items():
        kind = system.create_type(f"webanno.custom.{name}", supertypeName="uima.tcas.Annotation")
        for feature in own:
            system.create_feature(kind, feature, "uima.cas.String")
    return str(system.to_xml())


def items_of(path: Path, text: str) -> list[StreamItem]:
    path.write_text(text, encoding="utf-8")
    source = open_source(str(path))
    return list(read(source, inference=infer_format(source)))


def named(items: list[StreamItem]) -> list[tuple[str, str]]:
    found = [item for item in items if isinstance(item, AnnotatedSentence)]
    text = "".join(item.sentence.text for item in found)
    return [(text[span.start : span.end], span.label) for item in found for span in item.spans]


def told(items: list[StreamItem]) -> list[tuple[int, str, bool]]:
    return [(item.line, item.reason, item.lost) for item in items if isinstance(item, Problem)]


def test_named_entities_are_read_where_utf_16_says(tmp_path: Path) -> None:
    items = items_of(tmp_path / "a.xmi", xmi())
    assert named(items) == [("Eva Kim", "PER"), ("Rome", "LOC")]
    assert told(items) == []
    source = open_source(str(tmp_path / "a.xmi"))
    assert infer_format(source).sentence == f"{source.path}: read as xmi, UIMA XMI, without a type system beside it"


def test_tokens_and_sentences_are_those_of_the_file(tmp_path: Path) -> None:
    own = [
        (4, "Token", 0, 2),
        (5, "Token", 3, 10),
        (6, "Sentence", 0, 10),
        (7, "Token", 11, 23),
        (8, "Sentence", 11, 34),
    ]
    features = "".join(
        f'<seg:{kind} xmi:id="{at}" sofa="1" begin="{start}" end="{end}"/>' for at, kind, start, end in own
    )
    items = items_of(tmp_path / "a.xmi", xmi(features))
    sentences = [item.sentence for item in items if isinstance(item, AnnotatedSentence)]
    assert [sentence.text for sentence in sentences] == ["😀 Eva Kim ", "was in Rome.\nIt rained."]
    assert [sentence.words for sentence in sentences] == [["😀", "Eva Kim"], ["was in Rome."]]


def test_a_type_of_a_persons_own_is_read_with_the_type_system_beside_it(tmp_path: Path) -> None:
    features = '<custom:Part xmi:id="4" sofa="1" begin="3" end="6" Label="bolt" note="x"/>\n<pos:POS xmi:id="5" sofa="1" begin="3" end="6" PosValue="NE"/>\n'
    (tmp_path / "TypeSystem.xml").write_text(types(Part=["note", "Label"]), encoding="utf-8")
    items = items_of(tmp_path / "a.xmi", xmi(features))
    assert named(items) == [("Eva", "bolt")]
    assert told(items) == [(5, "1 annotation of POS left out", True)]
    (tmp_path / "TypeSystem.xml").unlink()
    items = items_of(tmp_path / "a.xmi", xmi(features))
    assert named(items) == []
    assert (1, "1 × Part, which is in no type system here: TypeSystem.xml has to be beside it: left out", True) in told(
        items
    )


def test_the_one_feature_of_a_type_has_its_label_whatever_it_is_called_unless_another_type_calls_it_so(
    tmp_path: Path,
) -> None:
    features = '<custom:Part xmi:id="4" sofa="1" begin="3" end="6" code="bolt"/>\n'
    (tmp_path / "TypeSystem.xml").write_text(types(Part=["code"], Two=["note", "Name"]), encoding="utf-8")
    assert named(items_of(tmp_path / "a.xmi", xmi(features))) == [("Eva", "bolt")]
    features += '<custom:Two xmi:id="5" sofa="1" begin="7" end="10" note="x" Name="nut"/>\n'
    assert named(items_of(tmp_path / "a.xmi", xmi(features))) == [("Kim", "nut")]


def test_a_type_made_from_named_entity_is_one(tmp_path: Path) -> None:
    system = cassis.load_dkpro_core_typesystem()
    system.create_type("webanno.custom.Person", supertypeName=f"{CORE}/ner/type/NamedEntity".replace("/", "."))
    (tmp_path / "a.typesystem.xml").write_text(system.to_xml(), encoding="utf-8")
    features = (
        FEATURES
        + '<custom:Person xmi:id="4" sofa="1" begin="11" end="14"/><ner:NamedEntity xmi:id="5" sofa="1" begin="0" end="2"/>\n'
    )
    items = items_of(tmp_path / "a.xmi", xmi(features))
    assert named(items) == [("Eva Kim", "PER"), ("was", "Person"), ("Rome", "LOC")]
    assert told(items) == [(6, "a NamedEntity without a value is left out", True)]


@pytest.mark.parametrize("fmt", ["xmi", "cas-json"])
def test_what_is_written_cassis_reads_alike_and_so_do_we(fmt: str, tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / f"b.{fmt.removeprefix('cas-')}"
    first.write_text('{"text": "😀 Eva Kim <&>\\r\\nwas in  Rome.\\n", "label": [[2, 9, "PER"], [23, 27, "L<\\"C"]]}\n')
    assert main(["convert", str(first), "--to", fmt, "-o", str(second)]) == 0
    if fmt == "xmi":
        system = cassis.load_typesystem(tmp_path / "b.typesystem.xml")
        cas = cassis.load_cas_from_xmi(second, typesystem=system)
    else:
        cas = cassis.load_cas_from_json(second.read_text())
    entities = cas.select("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
    assert [(each.get_covered_text(), each.value) for each in entities] == [("Eva Kim", "PER"), ("Rome", 'L<"C')]
    assert cas.sofa_string == "😀 Eva Kim <&>\r\nwas in  Rome.\n"
    for back, same in ((tmp_path / "c.jsonl", first), (tmp_path / "c" / second.name, second)):
        back.parent.mkdir(exist_ok=True)
        to = "doccano" if same == first else fmt
        assert main(["convert", str(second), "--to", to, "-o", str(back)]) == 0
        assert back.read_bytes() == same.read_bytes()
    assert main(["convert", str(second), "-o", str(back)]) == 0
    assert back.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (xmi(head='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n', text="&amp;a;"), ":2: <!DOCTYPE declares what XML may fetch"),
        (xmi('<ner:NamedEntity xmi:id="2" sofa="1" begin="1" end="10" value="PER"/>'), ":4: an annotation begins or ends at 1, which is no"),
        (xmi('<ner:NamedEntity xmi:id="2" sofa="1" begin="3" end="99" value="PER"/>'), ":4: an annotation begins or ends at 99, which is no"),
        (xmi('<ner:NamedEntity xmi:id="2" sofa="1" begin="3" end="6" velue="PER"/>'), ":1: this is no whole CAS, a type, feature or"),
        (xmi('<ner:NamedEntity xmi:id="2" sofa="9" begin="3" end="6" value="PER"/>'), ":1: this is no whole CAS, a type, feature or"),
        (xmi('<ner:NamedEntity xmi:id="2" sofa="1" begin="x" end="6"/>'), ":1: this is no whole CAS, a type, feature or"),
        (xmi()[:-20], ":7: this is no XML: "),
        (xmi().replace('xmlns:cas="http:///uima/cas.ecore"', ""), ": this is no XML: Namespace prefix cas"),
        ("<html/>", ":1: this is no file of UIMA XMI"),
        (xmi(text=""), " holds no text"),
    ],
)  # fmt: skip
def test_what_is_broken_or_dangerous_is_refused_in_one_sentence(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        items_of(tmp_path / "a.xmi", text)
    assert reason in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_type_system_that_is_none_or_dangerous_is_refused(tmp_path: Path) -> None:
    for text in ("<html>", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'):
        (tmp_path / "TypeSystem.xml").write_text(text)
        with pytest.raises(FormatError, match=r"TypeSystem\.xml:1: "):
            items_of(tmp_path / "a.xmi", xmi())


def test_an_annotation_whose_end_is_no_number_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Eva", "label": [[0, 3, "PER"]]}\n')
    assert main(["convert", str(tmp_path / "a.jsonl"), "--to", "cas-json", "-o", str(tmp_path / "b.json")]) == 0
    cas = json.loads((tmp_path / "b.json").read_text())
    (entity,) = [each for each in cas["%FEATURE_STRUCTURES"] if each["%TYPE"].endswith("NamedEntity")]
    entity["end"] = "R"
    (tmp_path / "b.json").write_text(json.dumps(cas).replace('{"%ID"', '\n{"%ID"'))
    source = open_source(str(tmp_path / "b.json"))
    with pytest.raises(FormatError, match=r"b\.json:5: a NamedEntity does not say where it begins and ends"):
        list(read(source, "cas-json"))


def test_an_error_of_several_lines_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as raised:
        items_of(tmp_path / "a.xmi", '<?m?><I i="http://www.omg.org/XMI" s="" xmlns:e="&#10;"')
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("text", ["{", '{"%TYPES": {}, "%FEATURE_STRUCTURES": 7}', '{"%TYPES": []}'])
def test_a_broken_cas_of_json_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    source = open_source(str(tmp_path / "a.json"))
    with pytest.raises(InputError):
        list(read(source, "cas-json"))


def test_what_xml_cannot_hold_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a\\u0007b"}\n')
    assert main(["convert", str(tmp_path / "a.jsonl"), "--to", "xmi", "-o", str(tmp_path / "b.xmi")]) == 2
    assert "XML has no place for the character '\\x07': use --to cas-json" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


@pytest.mark.parametrize(("name", "text"), [("a.xmi", xmi()), ("a.json", '{"%TYPES": {}}')])
def test_without_the_package_a_file_is_named_with_the_step(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ner_tui.formats.standoff.extras.find_spec", lambda _: None)
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=r"for which a package is missing: pip install 'ner-tui\[uima\]'"):
        infer_format(open_source(str(tmp_path / name)))


def test_where_something_begins_is_told_by_its_first_line_or_else_by_that_of_the_file() -> None:
    lines = StructureLines('{\n  "begin": 17,\n  "end": 7\n}\n', re.compile("x"))
    assert [lines.of_offset(offset) for offset in ("17", "7", "1")] == [2, 3, 1]
