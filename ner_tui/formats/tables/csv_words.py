"""Tables of words: a row for each, with its tag, changed in place as columns are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

from ner_tui.domain.counting import counted
from ner_tui.domain.stream import Metadata
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.columns.column_layout import BLANKS
from ner_tui.formats.files.source import Source
from ner_tui.formats.tables.dialect import Row, rows
from ner_tui.formats.tables.table_layout import Table, find_table


def sentence_lines(
    source: Source, inference: Inference, limit: int | None = None, named: deque[Metadata] | None = None
) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the sentences and document marks of a table of words as they stand.

    A blank row ends a sentence, and so does another value in the column that is called sentence or the like; an empty
    cell there is no value. A document begins where the column changes that is called document or the like.

    Args:
        limit: rows to read at the most; None: all.
        named: takes what the column of documents says of each; None: it is not wanted.

    Raises:
        FormatError: a row has too few cells, or too many.
    """
    word, tag = inference.word_column, inference.tag_column
    # A person may have named a column of tags that would not be found.
    table = find_table(source, tag=None if tag is None else str(tag + 1), sure=True)
    if table is None or table.words is None:
        raise InputError(f"{source.path} is no table of words")
    sentence, document = table.words.sentence, table.words.document
    this_sentence = this_document = ""
    words, tags, lines, tag_lines = list[str](), list[str](), list[int](), dict[int, int]()
    for line, cells in islice(_word_rows(source, table), limit):
        begins = bool(cells and document is not None and cells[document] not in ("", this_document))
        other = bool(cells and sentence is not None and cells[sentence] not in ("", this_sentence))
        if (begins or other or not cells) and words:
            yield _sentence(words, tags, lines, tag_lines, inference)
            words, tags, lines, tag_lines = [], [], [], {}
        if not cells:
            continue
        if begins:
            this_document = cells[document or 0]
            if named is not None:
                named.append({table.names[document or 0]: this_document})
            yield DocumentMark(line)
        if other:
            this_sentence = cells[sentence or 0]
        if tag is not None:
            tags.append(cells[tag].strip(BLANKS))
            if "\n" in cells[word]:
                tag_lines[len(words)] = line + "".join(cells[:tag]).count("\n")
        words.append(cells[word])
        lines.append(line)
    if words:
        yield _sentence(words, tags, lines, tag_lines, inference)


def _sentence(
    words: list[str], tags: list[str], lines: list[int], tag_lines: dict[int, int], inference: Inference
) -> SentenceLines:
    cells = [[tag_lines.get(at, line)] for at, line in enumerate(lines)] if tag_lines else None
    return SentenceLines(words, inference.spelling.normalised(tags), lines, cells=cells)


def _word_rows(source: Source, table: Table) -> Iterator[Row]:
    """Yield the rows with a word, and those that are blank, without cells; not those that name the columns."""
    width, header = table.width, list(table.header)
    for line, cells in rows(source, table.dialect):
        if len(cells) == width:
            if cells == header:
                continue
            yield (line, cells) if any(cells) else (line, [])
        elif any(cell.strip(BLANKS) for cell in cells):
            usual = f"{counted(len(cells), 'cell')} where the others have {width}"
            step = "add what is missing" if len(cells) < width else "put a cell with a separator in it in quotes"
            raise FormatError(source.path, line, f"{usual}: {step}")
        else:
            yield line, []


def left_out(source: Source, inference: Inference) -> list[str]:
    """Return which columns hold something that is not read; see ``base.Format.left_out``."""
    from ner_tui.formats.columns.left_out import columns_named

    word, tag = inference.word_column, inference.tag_column
    table = find_table(source, tag=None if tag is None else str(tag + 1), sure=True)
    if table is None or table.words is None:
        return []
    further = {*range(table.width)} - {word, tag, table.words.sentence, table.words.document}
    found = set[int]()
    for _, cells in _word_rows(source, table):
        found |= {at for at in further - found if cells and cells[at].strip(BLANKS) not in ("", "_")}
        if found == further:
            break
    return columns_named([table.column_name(at) for at in sorted(found)])


def set_tag(line: str, tag: str, inference: Inference) -> str:
    """Return a row's line with another tag: everything else in it stays.

    Raises:
        ValueError: the line would be read back with another tag or with other cells.
    """
    separator, column = inference.separator, inference.tag_column
    if column is None:
        raise ValueError("there is no column of tags")
    if any(char in tag for char in f'{separator}"\n\r') or tag != tag.strip(BLANKS):
        raise ValueError(f"{tag!r} does not fit into a cell")
    body = line.rstrip("\r")
    after = min(inference.columns) - 1 - column
    head, *rest = body.rsplit(separator, after + 1)
    # A row may begin in another line, so cells are counted from the end, where no quotes are in the way.
    if len(rest) == after + 1 and '"' not in "".join(rest):
        made = separator.join([head, _replaced(rest[0], tag), *rest[1:]])
    else:
        cells = _cells(body, separator)
        if len(cells) != min(inference.columns):
            raise ValueError("the row goes over several lines")
        start, end = cells[column]
        made = body[:start] + _replaced(body[start:end], tag) + body[end:]
    return made + line[len(body) :]


def _replaced(cell: str, tag: str) -> str:
    """Return a cell with another tag, in its quotes and blanks."""
    core = cell.strip(BLANKS).strip('"').strip(BLANKS)
    return cell.replace(core, tag, 1) if core else tag if '"' not in cell else f'"{tag}"'


def _cells(line: str, separator: str) -> Sequence[tuple[int, int]]:
    """Return where the cells of a row in one line begin and end."""
    found, start, quoted = list[tuple[int, int]](), 0, False
    for at, char in enumerate(line):
        quoted ^= char == '"'
        if char == separator and not quoted:
            found.append((start, at))
            start = at + 1
    return [*found, (start, len(line))]
