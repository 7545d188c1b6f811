"""How long work is shown at the terminal: a bar for each thing that is counted."""

from collections.abc import Callable

from rich.progress import Progress, TaskID


def shown_in(bars: Progress) -> Callable[[str, int, int], None]:
    """A function that is told what is done, how much of it is, and how much there is."""
    tasks: dict[str, TaskID] = {}

    def show(what: str, finished: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=total)
        bars.update(tasks[what], completed=finished, total=total)

    return show
