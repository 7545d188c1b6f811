"""The document type that importers produce, and the exception for files that they refuse."""

from dataclasses import dataclass

from knowledge_base.pages import Section

# Larger files are no pages of a manual but strays.
LARGEST_FILE = 25_000_000
# About 300 printed pages of text; a longer document would drown its reader, and is cut at its headings.
MOST_CHARACTERS = 1_000_000
# The same with all its markup.
LONGEST_MARKUP = 10_000_000


# A reason that begins so names what is no page of a manual; any other is something that an operator may want to mend.
LEFT_OUT = "left out: "


class NotImported(Exception):
    """A file or page was left out; the message says why, in words for the table of the report."""


@dataclass(frozen=True)
class Document:
    """One future page: harmless HTML whose headings carry the ids that they have at the original address.

    ``url`` is the address that the page declares as its own. ``part`` distinguishes several documents of one file.
    """

    title: str
    html: str
    url: str | None = None
    part: str = ""


def decode_text(content: bytes, declared: str | None = None) -> str:
    """Decode a file by its byte order mark, its declared encoding, or as UTF-8. Raises NotImported.

    Nothing is guessed: a wrong guess would put rubbish into answers without anybody noticing.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            declared = encoding
    try:
        text = content.decode(declared or "utf-8")
    except LookupError:
        raise NotImported(f"wrongly encoded: it names the unknown encoding {str(declared)[:30]!r}") from None
    except UnicodeDecodeError:
        raise NotImported(f"wrongly encoded: it is not {declared or 'UTF-8'} text; save it as UTF-8") from None
    if "\0" in text:
        raise NotImported("broken: it is not a text file")
    if len(text) > LONGEST_MARKUP:
        raise NotImported(f"huge: more than {LONGEST_MARKUP // 1_000_000} million characters; split it")
    return text


Whole = tuple[Document, tuple[Section, ...]]
"""A document with its sections."""
