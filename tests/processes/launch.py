"""Run a small stack the way `techref up` does: `python launch.py HOME`; `greeter` has a child of its own."""

import os
import sys
from pathlib import Path

from rich.console import Console

from bot.processes.program import Program
from bot.processes.stack import Stack

HOME = Path(sys.argv[1])
GREETER = str(Path(__file__).with_name("greeter.py"))

if __name__ == "__main__":
    programs = [
        Program("greeter", (sys.executable, GREETER, str(HOME)), priority=1),
        Program("sleeper", (sys.executable, "-c", "import time; time.sleep(600)"), priority=2),
    ]
    stack = Stack(programs, HOME, HOME, dict(os.environ), Console(width=200), each_tick=lambda stack: None)
    sys.exit(stack.run())
