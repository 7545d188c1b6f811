"""Names and docstrings use the terms of the glossary in CONTRIBUTING.md, which lists the words that are not used."""

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("actions", "bench", "bot", "knowledge_base", "tests", "tools")
DOCUMENTED = ("actions", "bot", "knowledge_base")
CLAUSE = re.compile(r"(What|Who|Whether|How)\s")
NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Areas that still have such a name or docstring. An area is removed with its last offence; none may be added.
PENDING = {
    "bot/channels",
    "bot/channels/slack",
    "bot/channels/teams",
    "bot/channels/web",
    "bot/desk",
    "bot/desk/administration",
    "bot/gateway/cluster",
    "bot/gateway/routes",
    "bot/gateway/workers",
    "bot/services/billing",
    "bot/services/channel",
    "bot/services/conversation",
    "bot/services/core",
    "bot/services/desk",
    "bot/services/hand_off",
    "bot/services/intake",
    "bot/services/issue",
    "bot/services/mail",
    "bot/services/privacy",
    "bot/services/turn",
    "bot/store",
    "bot/triage/privacy",
    "bot/triage/reading",
    "tests/channels/slack",
    "tests/channels/teams",
    "tests/desk",
    "tests/dialogue",
    "tests/fuzz",
    "tests/gateway",
    "tests/services/billing",
    "tests/services/channel",
    "tests/services/conversation",
    "tests/services/core",
    "tests/services/hand_off",
    "tests/services/intake",
    "tests/services/issue",
    "tests/services/mail",
    "tests/services/turn",
}


def words_not_used() -> set[str]:
    _, _, glossary = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Glossary")
    rows = [line.split("|") for line in glossary.splitlines() if line.startswith("|")]
    return {word for row in rows for word in re.findall(r"`(\w+)`", row[-2])}


def parts_of(name: str) -> str:
    """Return the words of a name in lower case, each between underscores."""
    return f"_{'_'.join(re.findall(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+', name)).lower()}_"


def offences() -> dict[str, list[str]]:
    """Return the names and docstrings that break the rules, by area (a folder of at most three levels)."""
    words = words_not_used()
    found: dict[str, list[str]] = defaultdict(list)
    for path in (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))):
        place = path.relative_to(ROOT)
        area = "/".join(place.parent.parts[:3])
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = [node for node in ast.walk(tree) if isinstance(node, NAMED)]
        for name in (path.stem, *(node.name for node in named)):
            found[area] += [f"{place}: {name} has {word}" for word in words if f"_{word}_" in parts_of(name)]
        if place.parts[0] in DOCUMENTED:
            starts = [CLAUSE.match(ast.get_docstring(node) or "") for node in (tree, *named)]
            found[area] += [f"{place}: a docstring begins with {start[1]}" for start in starts if start]
    return {area: list_ for area, list_ in found.items() if list_}


def test_the_glossary_names_the_words_that_are_not_used() -> None:
    assert {"tell", "told", "anew", "door", "set_aside"} <= words_not_used()


def test_names_and_docstrings_use_the_terms_of_the_glossary() -> None:
    assert {area: found for area, found in offences().items() if area not in PENDING} == {}


def test_an_area_without_offences_is_no_longer_pending() -> None:
    assert PENDING - set(offences()) == set()
