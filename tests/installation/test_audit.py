"""``make audit``: what counts as affected, what fails, and that the lists agree with the locks and the page."""

import json
from pathlib import Path

import pytest
from packaging.version import Version

from tools.audit import page
from tools.audit.known import Known, KnownList, read
from tools.audit.locks import ENGINE, ENVIRONMENTS, OURS, REQUIREMENTS, Environment, pinned
from tools.audit.sources import Advisory, Answer, read_database, read_pip_audit
from tools.audit.verdict import judge

KNOWN = read()
LIST = """
looked_up_to = 2026-04-01
high_up_to = 2026-10-07
[searched]
day = 2026-11-30
packages = ["Left_Pad", "right-pad"]
[[advisory]]
package = "Left_Pad"
id = "CVE-1"
also = ["GHSA-1"]
affected = ["<1.10", ">=2.0rc1,<2.4.0"]
what = "It pads too far."
{reason}
"""


def listed(tmp_path: Path, reason: str) -> KnownList:
    path = tmp_path / "known.toml"
    path.write_text(LIST.format(reason=reason))
    return read(path)


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("1.9", True),
        ("1.10", False),
        ("1.9.99", True),
        ("2.0rc1", True),
        ("2.0rc0", False),
        ("2.3.9", True),
        ("2.4.0", False),
    ],
)
def test_ranges_are_compared_as_versions_not_as_text(version: str, affected: bool, tmp_path: Path) -> None:
    (known,) = listed(tmp_path, 'closed = "newer"').advisories
    assert known.package == "left-pad"
    assert known.concerns(Version(version)) is affected


@pytest.mark.parametrize("reason", ["", 'closed = "newer"\nunreachable = "never called"'])
def test_an_entry_says_either_what_closed_it_or_why_it_is_unreachable(reason: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="CVE-1 of Left_Pad"):
        listed(tmp_path, reason)


@pytest.mark.parametrize(
    ("environment", "reason", "version", "passes"),
    [
        (OURS, 'unreachable = "never called"', "1.9", False),
        (OURS, 'unreachable = "never called"', "1.10", True),
        (ENGINE, 'unreachable = "never called"', "1.9", True),
        (ENGINE, 'closed = "newer"', "1.9", False),
    ],
)
def test_ours_may_have_none_and_the_engines_must_be_explained(
    environment: Environment, reason: str, version: str, passes: bool, tmp_path: Path
) -> None:
    verdict = judge(environment, {"left-pad": (Version(version),)}, listed(tmp_path, reason), [])
    assert verdict.passes is passes


def test_what_another_source_finds_is_explained_by_any_of_its_names_and_counted_once(tmp_path: Path) -> None:
    known = listed(tmp_path, 'unreachable = "never called"')
    found = Answer("elsewhere", 1, (Advisory("left-pad", frozenset({"PYSEC-1", "GHSA-1"}), "pads"),))
    verdict = judge(ENGINE, {"left-pad": (Version("1.9"),)}, known, [found])
    assert verdict.line() == (
        "rasa: 1 packages, 1 known advisory, 1 explained, 0 unexplained "
        "(source: known-advisories.toml, complete to 2026-04-01 (high and critical to 2026-10-07), "
        "1 of the packages searched for on 2026-11-30; "
        "elsewhere)"
    )
    new = Answer("elsewhere", 1, (Advisory("left-pad", frozenset({"CVE-2"}), "pads"),))
    verdict = judge(ENGINE, {"left-pad": (Version("1.9"),)}, known, [new])
    assert (len(verdict.findings), len(verdict.unexplained), verdict.passes) == (2, 1, False)


def test_packages_that_pip_audit_skipped_are_not_cleared() -> None:
    skipped = {"name": "left-pad", "skip_reason": "not found"}
    clean = {"name": "right-pad", "version": "1", "vulns": []}
    assert read_pip_audit([skipped]).silence
    verdict = judge(
        OURS,
        dict.fromkeys(("left-pad", "right-pad"), (Version("1"),)),
        KNOWN,
        [read_pip_audit([skipped, clean])],
    )
    assert verdict.line().endswith("pip-audit, today for 1 of the packages)")


def test_a_finding_of_pip_audit_keeps_its_aliases() -> None:
    vulnerability = {"id": "PYSEC-1", "aliases": ["CVE-1"], "description": "It pads too far.", "fix_versions": ["2"]}
    answer = read_pip_audit([{"name": "Left_Pad", "version": "1", "vulns": [vulnerability]}])
    assert answer.found == (Advisory("left-pad", frozenset({"PYSEC-1", "CVE-1"}), "It pads too far."),)


@pytest.mark.parametrize(
    ("version", "affected"), [("1.0", False), ("1.2", True), ("1.10", True), ("1.11", False), ("0.1.post1", True)]
)
def test_a_clone_of_the_advisory_database_is_read(version: str, affected: bool, tmp_path: Path) -> None:
    events = [{"introduced": "1.1"}, {"fixed": "1.11"}]
    record = {
        "id": "PYSEC-2024-1",
        "modified": "2024-10-10T17:00:00Z",
        "details": "It pads.",
        "affected": [{"ranges": [{"type": "ECOSYSTEM", "events": events}], "versions": ["0.1.post1"]}],
    }
    folder = tmp_path / "vulns" / "left-pad"
    folder.mkdir(parents=True)
    lines = (f"{key}: {json.dumps(value)}" for key, value in record.items())
    (folder / "PYSEC-2024-1.yaml").write_text("\n".join(lines))
    answer = read_database(tmp_path, {"left-pad": (Version(version),), "other": (Version("1"),)})
    assert bool(answer.found) is affected
    assert answer.source == "PyPA's advisory database, of 2024-10-10"


def test_a_folder_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no folder vulns"):
        read_database(tmp_path, {})


def test_every_lock_is_audited() -> None:
    audited = {lock for environment in ENVIRONMENTS for lock in environment.locks}
    assert audited == {path.stem for path in REQUIREMENTS.glob("*.in")}


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment.name)
def test_the_locks_hold_nothing_that_the_list_knows_and_does_not_explain(environment: Environment) -> None:
    verdict = judge(environment, pinned(environment.files), KNOWN, [])
    assert verdict.packages > 100
    assert verdict.passes, [(one.advisory.package, sorted(one.advisory.ids)) for one in verdict.findings]


@pytest.mark.parametrize("known", [one for one in KNOWN.advisories if one.unreachable], ids=lambda known: known.id)
def test_what_is_explained_is_still_locked(known: Known) -> None:
    versions = pinned(ENGINE.files).get(known.package, ())
    assert any(map(known.concerns, versions)), f"{known.id} is closed: say so, or take it out"


def test_a_package_locked_twice_is_affected_by_either_version(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("left-pad==1.9 ; python_version < '3.11.5'\nleft_pad==2.4.0 ; python_version >= '3.11.5'\n")
    pins = pinned([lock])
    assert pins == {"left-pad": (Version("1.9"), Version("2.4.0"))}
    assert not judge(OURS, pins, listed(tmp_path, 'closed = "newer"'), []).passes


def test_what_was_searched_for_is_still_locked() -> None:
    locked = {package for environment in ENVIRONMENTS for package in pinned(environment.files)}
    assert locked >= KNOWN.searched


def test_the_page_holds_the_list() -> None:
    assert page.listed(KNOWN) in page.PAGE.read_text(encoding="utf-8"), "renew it with: make audit WRITE=1"
