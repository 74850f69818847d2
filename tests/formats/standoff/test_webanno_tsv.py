"""WebAnno TSV 3: the text exact, offsets in UTF-16 units, one layer of several, what is stacked, escaped or broken."""

# ruff: noqa: E501

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ner_tui.cli import main
from ner_tui.domain.document import Sentence
from ner_tui.domain.spans import Span, Token
from ner_tui.domain.stream import AnnotatedSentence, DocumentStart, Problem, StreamItem
from ner_tui.errors import FormatError
from ner_tui.formats import Source, WriteOptions, infer_format, read, write

NE = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
POS = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS"
HEAD = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={NE}|identifier|value\n\n"
PLAIN = f"""{HEAD}
#Text=Eva Kim was in Rome.
1-1\t0-3\tEva\t*[1]\tPER[1]\t
1-2\t4-7\tKim\t*[1]\tPER[1]\t
1-3\t8-11\twas\t_\t_\t
1-4\t12-14\tin\t_\t_\t
1-5\t15-19\tRome\t*\tLOC\t
1-6\t19-20\t.\t_\t_\t

#Text=It rained.
2-1\t21-23\tIt\t_\t_\t
2-2\t24-30\trained\t_\t_\t
2-3\t30-31\t.\t_\t_\t
"""


def source_of(text: str, path: str = "x.tsv") -> Source:
    return Source(path, "", text, "utf-8", False, "\n")


def items_of(text: str) -> list[StreamItem]:
    source = source_of(text)
    inference = infer_format(source)
    assert inference.format == "webanno-tsv"
    return list(read(source, inference=inference))


def sentences(items: list[StreamItem]) -> list[AnnotatedSentence]:
    return [item for item in items if isinstance(item, AnnotatedSentence)]


def text_of(items: list[StreamItem]) -> str:
    return "".join(item.sentence.text for item in sentences(items))


def named(items: list[StreamItem]) -> list[tuple[str, str]]:
    text = text_of(items)
    return [(text[span.start : span.end], span.label) for item in sentences(items) for span in item.spans]


def told(items: list[StreamItem]) -> list[str]:
    return [f"{item.line}: {item.reason}" for item in items if isinstance(item, Problem)]


def written(items: list[StreamItem]) -> str:
    out = io.StringIO(newline="")
    write(items, out, WriteOptions("webanno-tsv"))
    return out.getvalue()


def test_a_file_is_read_with_its_text_its_sentences_and_its_tokens() -> None:
    items = items_of(PLAIN)
    assert items[0] == DocumentStart("x.tsv", "tokens", 5)
    assert [item.sentence.text for item in sentences(items)] == ["Eva Kim was in Rome.\n", "It rained."]
    assert [item.sentence.words for item in sentences(items)][1] == ["It", "rained", "."]
    assert named(items) == [("Eva Kim", "PER"), ("Rome", "LOC")]
    assert told(items) == []


def test_what_is_written_is_what_was_read() -> None:
    assert written(items_of(PLAIN)) == PLAIN
    assert written(items_of(PLAIN.replace("\n", "\r\n"))) == PLAIN


def test_annotations_of_several_tokens_alone_are_numbered() -> None:
    # Rome, of one token, stands between those of two.
    text = PLAIN.replace("rained\t_\t_", "rained\t*[2]\tX[2]").replace("30-31\t.\t_\t_", "30-31\t.\t*[2]\tX[2]")
    assert written(items_of(text)) == text


def test_one_other_label_changes_only_its_cells() -> None:
    head, first, *others = items_of(PLAIN)
    assert isinstance(first, AnnotatedSentence)
    items = [head, AnnotatedSentence(first.sentence, (first.spans[0], Span(15, 19, "GPE"))), *others]
    assert written(items) == PLAIN.replace("LOC", "GPE")


def test_the_layer_of_named_entities_is_read_and_others_are_losses() -> None:
    head = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={POS}|PosValue\n#T_SP=custom.Mood|value\n#T_SP={NE}|identifier|value\n"
    head += "#T_RL=custom.Rel|kind|BT_custom.Mood\n#T_SP=custom.Bare|\n\n\n"
    body = (
        "#Text=Eva sang\n1-1\t0-3\tEva\tNE\tglad\thttp://x\tPER\t_\t_\t_\t\n1-2\t4-8\tsang\tVV\t_\t_\t_\tby\t1-1\t*\t\n"
    )
    items = items_of(head + body)
    assert named(items) == [("Eva", "PER")]
    assert told(items) == [
        "10: 2 annotations of POS (PosValue) left out",
        "10: 1 annotation of Mood (value) left out",
        "10: 1 annotation of NamedEntity (identifier) left out",
        "11: 1 annotation of Rel (kind) left out",
        "11: 1 annotation of Rel (BT_custom.Mood) left out",
        "11: 1 annotation of Bare left out",
    ]
    assert all(item.lost for item in items if isinstance(item, Problem))
    assert infer_format(source_of(head + body)).sentence == (
        "x.tsv: read as webanno-tsv, WebAnno TSV 3.3, labels from NamedEntity (value); not read: POS (PosValue), "
        "Mood (value), NamedEntity (identifier), Rel (kind), Rel (BT_custom.Mood), Bare"
    )


@pytest.mark.parametrize(
    ("layer", "label"),
    [
        ("custom.Ref|infstat|entity", "b"),
        ("webanno.custom.Thing|Label", "a"),
        ("custom.Only|what", "a"),
        (f"{POS}|PosValue", None),
        ("custom.Two|this|that", None),
    ],
)
def test_a_layer_of_a_persons_own_is_read_if_one_of_its_features_names_things(layer: str, label: str | None) -> None:
    cells = "a\tb\t" if layer.count("|") > 1 else "a\t"
    items = items_of(f"#FORMAT=WebAnno TSV 3.2\n#T_SP={layer}\n\n\n#Text=Eva\n1-1\t0-3\tEva\t{cells}\n")
    assert named(items) == ([("Eva", label)] if label else [])


def test_what_is_stacked_or_overlaps_is_told() -> None:
    items = items_of(
        f"{HEAD}\n#Text=New York Times\n1-1\t0-3\tNew\t*[1]|*[2]\tORG[1]|LOC[2]\t\n"
        "1-2\t4-8\tYork\t*[1]|*[2]\tORG[1]|LOC[2]\t\n1-3\t9-14\tTimes\t*[1]|*[3]\tORG[1]|MISC[3]\t\n"
    )
    assert named(items) == [("New York Times", "ORG")]
    assert told(items) == [
        "6: LOC 'New York' stands within ORG 'New York Times': left out",
        "8: MISC 'Times' stands within ORG 'New York Times': left out",
    ]


def test_a_part_of_a_token_is_a_token_where_it_is_annotated() -> None:
    items = items_of(f"{HEAD}\n#Text=Eva-Fan\n1-1\t0-7\tEva-Fan\t_\t_\t\n1-1.1\t0-3\tEva\t*\tPER\t\n")
    assert named(items) == [("Eva", "PER")]
    assert told(items) == ["7: PER 'Eva' cuts the token 'Eva-Fan', which is read as several"]


def test_an_annotation_goes_on_in_parts_and_whole_tokens_and_one_without_length_is_told() -> None:
    items = items_of(
        f"{HEAD}\n#Text=ab cd ef\n1-1\t0-2\tab\t_\t_\t\n1-1.1\t1-2\tb\t*[1]\tX[1]\t\n1-2\t3-5\tcd\t*[1]\tX[1]\t\n"
        "1-2.1\t4-4\t\t*[2]|*[3]\tY[2]|Z[3]\t\n1-3\t6-8\tef\t_\t_\t\n1-3.1\t6-7\te\t*[1]\tX[1]\t\n"
    )
    assert named(items) == [("b cd e", "X")]
    assert [reason for reason in told(items) if "left out" in reason] == [
        "9: Y '' holds no word: left out",
        "9: Z '' holds no word: left out",
    ]


def test_ids_of_sentences_are_passed_over() -> None:
    assert text_of(items_of("#FORMAT=WebAnno TSV 3.3\n\n\n#Sentence.id=s-1\n#Text=Eva\n1-1\t0-3\tEva\t\n")) == "Eva"


def test_an_annotation_without_a_label_is_told() -> None:
    items = items_of(f"{HEAD}\n#Text=Eva\n1-1\t0-3\tEva\t*\t*\t\n")
    assert told(items) == ["6: an annotation without a label is left out"]


def test_offsets_are_utf_16_units() -> None:
    text = (
        f"{HEAD}\n#Text=😀 Eva\n1-1\t0-2\t😀\t_\t_\t\n1-2\t3-6\tEva\t*\tPER\t\n\n#Text=Kim\n2-1\t7-10\tKim\t*\tPER\t\n"
    )
    items = items_of(text)
    assert (text_of(items), named(items)) == ("😀 Eva\nKim", [("Eva", "PER"), ("Kim", "PER")])
    assert written(items) == text


def test_offsets_of_characters_are_told() -> None:
    text = (
        f"{HEAD}\n#Text=😀 Eva\n1-1\t0-1\t😀\t_\t_\t\n1-2\t2-5\tEva\t*\tPER\t\n\n#Text=Kim\n2-1\t6-9\tKim\t*\tPER\t\n"
    )
    items = items_of(text)
    assert (text_of(items), named(items)) == ("😀 Eva\nKim", [("Eva", "PER"), ("Kim", "PER")])
    assert told(items) == ["1: offsets count an emoji as one, where UTF-16 units are usual: read as code points"]


def test_texts_and_values_are_escaped() -> None:
    text = f"{HEAD}\n#Text=a\\tb\\\\c\\\x01\n#Text=d\n1-1\t0-1\ta\t*\tA\\_B\\|\\[1\\]\\->\\*\\;\\\\\t\n1-2\t2-5\tb\\c\t_\t_\t\n1-3\t7-8\td\t_\t_\t\n"
    items = items_of(text)
    assert text_of(items) == "a\tb\\c\x01\nd"
    assert named(items) == [("a", "A_B|[1]->*;\\")]
    assert written(items) == text


def test_the_escapes_of_version_3_1_are_those_of_java() -> None:
    text = '#FORMAT=WebAnno TSV 3.1\n\n\n#Text=\\u00c9va \\uD83D\\uDE00 \\"x\\"\n1-1\t0-3\tÉva\n'
    assert text_of(items_of(text)) == 'Éva 😀 "x"'


def test_a_form_that_is_not_in_the_text_is_told() -> None:
    items = items_of(PLAIN.replace("\train", "\trai"))
    assert told(items) == ["15: the token 'raied' is 'rained' in the text, and is read so"]
    assert named(items) == [("Eva Kim", "PER"), ("Rome", "LOC")]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("21-23", "19-23", "x.tsv:14: the sentence begins at 19, where the text before it ends at 20"),
        ("21-23", "999999999-999999999999", "x.tsv:14: the sentence begins at 999999999, where the text before it ends"),
        ("30-31", "30-99", "x.tsv:16: [30, 99) is no stretch of a text of 31 UTF-16 units"),
        ("30-31", "31-30", "x.tsv:16: the token '.' ends at 30, not behind its start at 31"),
        ("24-30", "22-30", "x.tsv:5: the token [22, 30) does not follow offset 23"),
        ("2-2\t", "b\t", "x.tsv:15: 'b\\t24-30\\trained\\t_\\t_\\t' is no line of a token, such as 1-2, TAB, 4-7, TAB, Lee"),
        ("rained\t_\t_\t", "rained", "x.tsv:15: 3 columns, where the layers of the head make 5: add _ for what is missing"),
        ("#Text=It rained.\n", "", "x.tsv:13: '2-1\\t21-23\\tIt\\t_\\t_\\t' is a token of no sentence"),
        ("1-1\t", "1-1.1\t", "x.tsv:6: a part of a token stands before all tokens"),
        ("TSV 3.3", "TSV 2", "x.tsv:1: WebAnno TSV '2' is not read: export it as version 3 or XMI"),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_with_its_line(before: str, after: str, reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        items_of(PLAIN.replace(before, after, 1))
    assert str(raised.value).startswith(reason)


def test_a_file_of_another_kind_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.tsv").write_text("Ada\tB-PER\nleft\tO\n")
    assert main(["convert", str(tmp_path / "a.tsv"), "--to", "jsonl", "-o", str(tmp_path / "b.jsonl")]) == 0
    assert "read as conll" in capsys.readouterr().err
    assert main(["convert", str(tmp_path / "a.tsv"), "--from", "webanno-tsv", "-o", "-"]) == 2
    assert "a.tsv:1: this is no WebAnno TSV, which begins with #FORMAT=WebAnno TSV 3.3" in capsys.readouterr().err


def test_a_file_holds_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Ada"}\n{"text": "Bob"}\n')
    assert main(["convert", str(tmp_path / "a.jsonl"), "--to", "webanno-tsv", "-o", str(tmp_path / "b.tsv")]) == 2
    assert "a file of WebAnno TSV is one document" in capsys.readouterr().err
    assert not (tmp_path / "b.tsv").exists()


def test_text_before_the_first_word_is_blanks_or_a_loss() -> None:
    sentence = Sentence(0, "\n Ada", (Token(2, 5),))
    items: list[StreamItem] = [DocumentStart("x", "text"), AnnotatedSentence(sentence)]
    with pytest.raises(FormatError, match="text before its first word"):
        written(items)
    lost: list[str] = []
    write(items, io.StringIO(), WriteOptions("webanno-tsv", lossy=lost.append))
    assert lost == ["x: it has text before its first word that WebAnno TSV has no place for, other than blanks"]


@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_categories=("Cs", "Zs", "Cc")), min_size=1, max_size=4).filter(
            lambda word: not any(map(str.isspace, word))), st.sampled_from(["", " ", "\n", "  ", "\t\r\n", "\n\n "]),
            st.booleans(), st.sampled_from(["", "PER", "a_|b[1]\\", "Ω😀"])),
        min_size=1, max_size=8),
)  # fmt: skip
def test_any_text_comes_back_with_its_tokens_sentences_and_spans(words: list[tuple[str, str, bool, str]]) -> None:
    items: list[StreamItem] = [DocumentStart("x.tsv", "tokens", 5)]
    at = start = 0
    text, tokens, spans = "", list[Token](), list[Span]()
    for number, (word, space, ends, label) in enumerate(words):
        token = Token(at, at + len(word))
        tokens.append(token)
        if label:
            spans.append(Span(*token, label))
        text += word + space
        at += len(word + space)
        if ends or number == len(words) - 1:
            items.append(AnnotatedSentence(Sentence(start, text, tuple(tokens)), tuple(spans)))
            start, text, tokens, spans = at, "", [], []
    back = items_of(written(items))
    assert told(back) == []
    assert text_of(back) == text_of(items)
    assert [(item.sentence.tokens, item.spans) for item in sentences(back)] == [
        (item.sentence.tokens, item.spans) for item in sentences(items)
    ]


@pytest.mark.parametrize(
    ("there", "told_"),
    [("Eva\u00a0Kim", []), ("Eva_Kim", ["6: the token 'Eva Kim' is 'Eva_Kim' in the text, and is read so"])],
)
def test_a_token_may_have_other_white_space_than_its_text_and_nothing_else(there: str, told_: list[str]) -> None:
    assert told(items_of(f"{HEAD}\n#Text={there}\n1-1\t0-7\tEva Kim\t*\tPER\t\n")) == told_
