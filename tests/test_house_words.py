"""Names and docstrings use the terms of the glossary in CONTRIBUTING.md, which lists the words that are not used."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("actions", "bench", "bot", "knowledge_base", "tests", "tools")
DOCUMENTED = ("actions", "bot", "knowledge_base")
CLAUSE = re.compile(r"(What|Who|Whether|How)\s")
NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def words_not_used() -> set[str]:
    _, _, glossary = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Glossary")
    rows = [line.split("|") for line in glossary.splitlines() if line.startswith("|")]
    return {word for row in rows for word in re.findall(r"`(\w+)`", row[-2])}


def parts_of(name: str) -> str:
    """Return the words of a name in lower case, each between underscores."""
    return f"_{'_'.join(re.findall(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+', name)).lower()}_"


def offences() -> list[str]:
    """Return the names and docstrings that break the rules."""
    words, found = words_not_used(), list[str]()
    for path in (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))):
        place = path.relative_to(ROOT)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = [node for node in ast.walk(tree) if isinstance(node, NAMED)]
        for name in (path.stem, *(node.name for node in named)):
            found += [f"{place}: {name} has {word}" for word in words if f"_{word}_" in parts_of(name)]
        if place.parts[0] in DOCUMENTED:
            starts = [CLAUSE.match(ast.get_docstring(node) or "") for node in (tree, *named)]
            found += [f"{place}: a docstring begins with {start[1]}" for start in starts if start]
    return found


def test_the_glossary_names_the_words_that_are_not_used() -> None:
    assert {"tell", "told", "anew", "door", "set_aside"} <= words_not_used()


def test_names_and_docstrings_use_the_terms_of_the_glossary() -> None:
    assert offences() == []
