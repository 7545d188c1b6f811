"""What the processes write appears in the terminal, whole lines only, also across rotation."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.processes.log_follower import LogFollower


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "gateway.log"
    path.write_text("from an earlier run\n")
    return path


def shown(follower: LogFollower) -> list[str]:
    output = io.StringIO()
    follower.show_new_lines(Console(file=output, width=200))
    return output.getvalue().splitlines()


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_only_new_whole_lines_are_shown_under_the_name(log: Path) -> None:
    follower = LogFollower(log, "gateway", "green", 8)
    assert shown(follower) == []
    append(log, "one\ntw")
    assert shown(follower) == ["gateway  │ one"]
    append(log, "o\n")
    assert shown(follower) == ["gateway  │ two"]
    follower.close()


def test_nothing_is_lost_when_the_log_is_rotated(log: Path) -> None:
    follower = LogFollower(log, "gateway", "green", 8)
    assert shown(follower) == []
    append(log, "last of the old\n")
    log.rename(log.with_suffix(".log.1"))
    log.write_text("first of the new\n")
    assert shown(follower) == ["gateway  │ last of the old", "gateway  │ first of the new"]
    follower.close()


def test_square_brackets_in_a_log_are_shown_as_they_are(log: Path) -> None:
    follower = LogFollower(log, "gateway", "green", 8)
    append(log, "[red]not markup[/red]\n")
    assert shown(follower) == ["gateway  │ [red]not markup[/red]"]
    follower.close()
