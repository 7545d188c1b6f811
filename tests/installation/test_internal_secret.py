"""The secret between the processes."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.installation.internal_secret import internal_secret


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = internal_secret(tmp_path / "home")
    assert len(first) == 64
    assert internal_secret(tmp_path / "home") == first
    assert stat.S_IMODE((tmp_path / "home" / "internal_secret").stat().st_mode) == 0o600


def test_two_launchers_at_once_end_with_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: internal_secret(tmp_path), range(8)))
    assert len(secrets) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["internal_secret"]
