"""A field of a form as data; each platform prints it."""

from dataclasses import dataclass

TEXT, LINE, ONE, SEVERAL = "text", "line", "one", "several"


@dataclass(frozen=True)
class Field:
    """``kind``: text, line, or one or several of ``options``, each (value, title). ``most`` characters may be typed."""

    name: str
    label: str
    kind: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    help: str = ""
    most: int = 3000
