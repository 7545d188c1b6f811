"""Lock files hold names, versions and hashes; where packages come from is configured elsewhere."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[1] / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))
COMPILED = [lock for lock in LOCKS if lock.with_suffix(".in").exists()]


def test_there_is_a_lock_for_every_list_of_requirements() -> None:
    lists = sorted(REQUIREMENTS.glob("*.in"))
    assert lists
    assert [path.with_suffix(".txt") for path in lists] == COMPILED


@pytest.mark.parametrize("path", [*LOCKS, *sorted(REQUIREMENTS.glob("*.in"))], ids=lambda path: path.name)
def test_no_requirements_file_names_an_address(path: Path) -> None:
    assert not re.search(r"://|^\s*(--(extra-)?index|-i\b|--find-links|-f\b|--trusted-host)", path.read_text(), re.M)


@pytest.mark.parametrize("path", COMPILED, ids=lambda path: path.name)
def test_every_locked_package_has_one_version_and_a_hash(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.M).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9][a-z0-9._-]*==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
