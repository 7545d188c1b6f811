"""CSV as spreadsheets write it: any separator, UTF-8 or UTF-16, empty rows and columns. One refusal names the row."""

import codecs
import csv
import io
from dataclasses import dataclass

from bot.triage.text.plain_text import canonical, visible

SEPARATORS = ",;\t|"
MOST_BYTES = 20_000_000
_SAVE_AGAIN = 'in Excel choose "CSV UTF-8 (comma delimited)"'


class BadSpreadsheet(Exception):
    """The file cannot be read as a table; ``row`` counts from 1, the header's row."""

    def __init__(self, row: int, what: str) -> None:
        super().__init__(what)
        self.row = row


@dataclass(frozen=True)
class Row:
    """A row that is not empty, under the header's names; ``extra``: there are cells beyond the header."""

    number: int
    cells: dict[str, str]
    extra: bool


def read_table(content: bytes | str) -> tuple[list[str], list[Row]]:
    """Return the header's names in lower case and every row that is not empty; raise BadSpreadsheet."""
    lines = _records(_decoded(content) if isinstance(content, bytes) else content)
    if not lines:
        raise BadSpreadsheet(1, "the file is empty")
    (header_row, first), *others = lines
    header = [canonical(name).replace(" ", "_") for name in first]
    while header and not header[-1]:
        header.pop()
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice:
        raise BadSpreadsheet(header_row, f"the column {twice} is there twice; leave one of them out")
    rows = []
    for number, cells in others:
        named = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        unnamed = [cell for place, cell in enumerate(cells) if place >= len(header) or not header[place]]
        rows.append(Row(number, named, any(unnamed)))
    return [name for name in header if name], rows


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise BadSpreadsheet(1, f"the file has more than {MOST_BYTES // 1_000_000} MB; cut it into several")
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif content[1:2] == b"\0" or content[:1] == b"\0":
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise BadSpreadsheet(row, f"this is no UTF-8 text; save the file as CSV in UTF-8 ({_SAVE_AGAIN})") from error


def _records(text: str) -> list[tuple[int, list[str]]]:
    """Return the records that have a cell that is not empty, each with the number of its first row."""
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise BadSpreadsheet(row, f"there is a NUL character; save the file as CSV in UTF-8 again ({_SAVE_AGAIN})")
    separator, skipped = _separator(text)
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    found: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if begins > skipped and any("\n" in cell for cell in cells):
                raise _unclosed(begins)
            plain = [visible(cell).strip() for cell in cells]
            if begins > skipped and any(plain):
                found.append((begins, plain))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _unclosed(begins) from error
    return found


def _unclosed(row: int) -> BadSpreadsheet:
    return BadSpreadsheet(
        row,
        "a quotation mark is opened here and not closed in the same row; close it, take it away, or write it twice "
        "where it belongs to the words",
    )


def _separator(text: str) -> tuple[str, int]:
    """Return what separates the cells, and how many rows to skip: Excel may say it in a first row ``sep=;``."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], 1
    header = next((line for line in (first, *rest.split("\n", 20)) if line.strip(SEPARATORS + " \"'")), first)
    return max(SEPARATORS, key=header.count), 0
