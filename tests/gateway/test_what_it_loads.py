"""A gateway holds what it needs (docs/performance.md): some libraries are loaded by whoever uses them."""

import subprocess
import sys

PROGRAM = """
import sys
from pathlib import Path
import bot.gateway.app
from bot.settings.support.load import load_support
load_support(Path("no-such-home"))
heavy = {"alembic", "apprise", "redis", "pypdf", "docx", "holidays.countries.germany"}
print("here:", "holidays.countries.united_states" in sys.modules, "needless:", sorted(heavy & set(sys.modules)))
"""


def test_no_library_that_others_need() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "here: True needless: []"
