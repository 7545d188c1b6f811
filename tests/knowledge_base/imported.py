"""Read one small document as an import does."""

from knowledge_base.importers.document import Whole
from knowledge_base.importers.kinds import file_kind
from knowledge_base.importers.readers import read_file


def imported(content: bytes | str, name: str) -> Whole:
    raw = content.encode() if isinstance(content, str) else content
    (found,) = read_file(raw, name, file_kind(name))
    return found


def text(content: bytes | str, name: str) -> str:
    """The plain text of all sections."""
    return "\n".join(section.text for section in imported(content, name)[1])


def marked(content: bytes | str, name: str) -> str:
    """The text of all sections in our notation."""
    return "\n".join(section.marked for section in imported(content, name)[1])
