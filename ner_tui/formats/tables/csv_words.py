"""Tables of words: a row for each, with its tag, changed in place as columns are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, pairwise
from operator import ne

from ner_tui.domain.counting import counted
from ner_tui.domain.stream import Metadata
from ner_tui.errors import FormatError, InputError
from ner_tui.formats.base import Inference
from ner_tui.formats.columns.assembly import DocumentMark, SentenceLines
from ner_tui.formats.columns.column_layout import BLANKS
from ner_tui.formats.files.source import Source
from ner_tui.formats.tables.dialect import Row, row_blocks, rows
from ner_tui.formats.tables.table_layout import Table, find_table


def sentence_lines(
    source: Source, inference: Inference, named: deque[Metadata] | None = None
) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the sentences and document marks of a table of words as they stand.

    A blank row ends a sentence, and so does another value in the column that is called sentence or the like; an empty
    cell there is no value. A document begins where the column changes that is called document or the like.

    Args:
        named: takes what the column of documents says of each; None: it is not wanted.

    Raises:
        FormatError: a row has too few cells, or too many.
    """
    # A person may have named a column of tags that would not be found.
    tag = None if inference.tag_column is None else str(inference.tag_column + 1)
    table = find_table(source, tag=tag, sure=True)
    if table is None or table.words is None:
        raise InputError(f"{source.path} is no table of words")
    return lines_of_table(source, table, inference, named=named)


def lines_of_table(
    source: Source,
    table: Table,
    inference: Inference,
    limit: int | None = None,
    named: deque[Metadata] | None = None,
) -> Iterator[SentenceLines | DocumentMark]:
    """Yield the same of a table that is known.

    Args:
        limit: rows to read at the most; None: all.
    """
    reader = _Reader(source, table, inference, named)
    left = limit
    for lines, some in row_blocks(source, table.dialect):
        yield from reader.read(lines[:left], some[:left])
        if left is not None and (left := left - len(some)) <= 0:
            break
    yield from reader.end()


class _Reader:
    """Makes sentences of rows: column by column where all of many rows have a word, else row by row."""

    def __init__(
        self, source: Source, table: Table, inference: Inference, named: deque[Metadata] | None = None
    ) -> None:
        assert table.words is not None
        self._source, self._table, self._inference, self._named = source, table, inference, named
        self._sentence, self._document = table.words.sentence, table.words.document
        self._this_sentence = self._this_document = ""
        self._words, self._tags, self._lines = list[str](), list[str](), list[int]()
        self._tag_lines = dict[int, int]()

    def read(self, lines: Sequence[int], some: Sequence[list[str]]) -> Iterator[SentenceLines | DocumentMark]:
        """Yield what ends or begins with some rows.

        Args:
            lines: those that the rows begin in.
        """
        if {*map(len, some)} == {self._table.width}:
            columns = list(zip(*some, strict=True))
            words = columns[self._inference.word_column]
            names = self._table.header
            is_named = bool(names) and names[self._inference.word_column] in words
            if all(words) and not is_named and "\n" not in "".join(words):
                yield from self._read_columns(lines, columns)
                return
        for line, cells in _word_rows(self._source, self._table, zip(lines, some, strict=True)):
            yield from self._read_row(line, cells)

    def end(self) -> Iterator[SentenceLines]:
        """Yield the sentence that no row has ended."""
        if self._words:
            tags, cells = self._inference.spelling.normalised(self._tags), None
            if self._tag_lines:
                cells = [[self._tag_lines.get(at, line)] for at, line in enumerate(self._lines)]
            yield SentenceLines(self._words, tags, self._lines, cells=cells)
        self._words, self._tags, self._lines, self._tag_lines = [], [], [], {}

    def _read_columns(
        self, lines: Sequence[int], columns: Sequence[Sequence[str]]
    ) -> Iterator[SentenceLines | DocumentMark]:
        sentences = self._changes(self._sentence, columns, self._this_sentence)
        documents = self._changes(self._document, columns, self._this_document)
        words, tag = columns[self._inference.word_column], self._inference.tag_column
        tags = () if tag is None else _stripped(columns[tag])
        starts = sorted({0, *sentences, *documents})
        for start, end in pairwise([*starts, len(words)]):
            if start in sentences or start in documents:
                yield from self.end()
            if start in documents:
                yield self._begun(lines[start], documents[start])
            self._this_sentence = sentences.get(start, self._this_sentence)
            self._words += words[start:end]
            self._tags += tags[start:end]
            self._lines += lines[start:end]

    @staticmethod
    def _changes(column: int | None, columns: Sequence[Sequence[str]], this: str) -> dict[int, str]:
        """Return the rows, counted from 0, in which a column has another value than before, with that."""
        if column is None:
            return {}
        values, found = columns[column], dict[int, str]()
        for at in compress(range(len(values)), map(ne, values, chain((this,), values))):
            if values[at] not in ("", this):
                found[at] = this = values[at]
        return found

    def _read_row(self, line: int, cells: Sequence[str]) -> Iterator[SentenceLines | DocumentMark]:
        sentence, document = self._sentence, self._document
        begins = bool(cells and document is not None and cells[document] not in ("", self._this_document))
        other = bool(cells and sentence is not None and cells[sentence] not in ("", self._this_sentence))
        if begins or other or not cells:
            yield from self.end()
        if not cells:
            return
        if begins:
            yield self._begun(line, cells[document or 0])
        if other:
            self._this_sentence = cells[sentence or 0]
        word, tag = cells[self._inference.word_column], self._inference.tag_column
        if tag is not None:
            self._tags.append(cells[tag].strip(BLANKS))
            if "\n" in word:
                self._tag_lines[len(self._words)] = line + "".join(cells[:tag]).count("\n")
        self._words.append(word)
        self._lines.append(line)

    def _begun(self, line: int, name: str) -> DocumentMark:
        self._this_document = name
        if self._named is not None:
            self._named.append({self._table.names[self._document or 0]: name})
        return DocumentMark(line)


def _stripped(tags: Sequence[str]) -> list[str]:
    """Return tags without the blanks around them; they are many, and few of them differ."""
    known = {tag: tag.strip(BLANKS) for tag in {*tags}}
    return [known[tag] for tag in tags]


def _word_rows(source: Source, table: Table, some: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows with a word, and those that are blank, without cells; not those that name the columns."""
    width, header = table.width, list(table.header)
    for line, cells in some:
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
    for _, cells in _word_rows(source, table, rows(source, table.dialect)):
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
