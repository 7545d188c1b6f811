"""Show the progress of long work at the terminal: a bar for each thing that is counted."""

from collections.abc import Callable

from rich.progress import Progress, TaskID


def progress_callback(bars: Progress) -> Callable[[str, int, int], None]:
    """Return the callback of a progress bar: what is counted, how much of it is done, how much there is."""
    tasks: dict[str, TaskID] = {}

    def show(what: str, finished: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=total)
        bars.update(tasks[what], completed=finished, total=total)

    return show
