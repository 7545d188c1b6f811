"""Become another program that gets SIGTERM when its parent dies.

Usage: python die_with_parent.py PROGRAM ARGS…

A stack whose launcher was killed outright must not live on and hold the ports. On Linux the kernel sends the child a
SIGTERM (PR_SET_PDEATHSIG, https://man7.org/linux/man-pages/man2/prctl.2.html); elsewhere the program simply runs, and
the next start names the processes left over. Standard library only, run as a file, so that it costs a few milliseconds.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def set_parent_death_signal() -> None:
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "the kernel refused to watch the parent process")


if __name__ == "__main__":
    set_parent_death_signal()
    os.execvp(sys.argv[1], sys.argv[1:])
