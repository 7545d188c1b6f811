"""Work in a child process, so that the modules it imports and the memory it takes end with it."""

import os
import sys
import traceback
from collections.abc import Callable

from bot.processes.die_with_parent import set_parent_death_signal

FAILED, INTERRUPTED = 1, 130


def run_in_child(work: Callable[[], int]) -> int:
    """Run ``work`` in a fork of this process and return the status that it returns.

    An exception is printed and gives 1, Ctrl-C 130, a signal 128 and its number. For a process without threads.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _work_and_exit(work)
    _, ended = os.waitpid(child, 0)
    status = os.waitstatus_to_exitcode(ended)
    return status if status >= 0 else 128 - status


def _work_and_exit(work: Callable[[], int]) -> None:
    """End this process without leaving the parent's blocks, which hold its locks."""
    status = FAILED
    try:
        set_parent_death_signal()
        status = work()
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BaseException:  # noqa: BLE001 (whatever it is: this process ends here)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
