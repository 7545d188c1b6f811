"""A program with a child of its own: `python greeter.py HOME` notes the child's pid in HOME/grandchild."""

import subprocess
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(sys.argv[1], "grandchild").write_text(str(child.pid))
    print("hello from greeter", flush=True)
    time.sleep(600)
