"""Run the steps of a turn in plain order: Rasa has a scheduler made for clusters plan the same dozen every time.

docs/performance.md has the measurement.
"""

from collections.abc import Sequence
from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


def install() -> None:
    """Replace the scheduler where Rasa asks for named outputs. Training keeps it."""
    schedule = DaskGraphRunner.run

    def run(
        runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: Sequence[str] | None = None
    ) -> dict[str, Any]:
        return run_in_order(runner, inputs or {}, targets) if targets else schedule(runner, inputs)

    DaskGraphRunner.run = run


def run_in_order(runner: DaskGraphRunner, inputs: dict[str, Any], targets: Sequence[str]) -> dict[str, Any]:
    """Return the outputs of these nodes of the graph; each required node runs once, after its own inputs."""
    done: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in inputs.items()}

    def output(name: str) -> tuple[str, Any]:
        if name not in done:
            needs = runner._graph_schema.nodes[name].needs.values()
            done[name] = runner._instantiated_nodes[name](*[output(need) for need in needs])
        return done[name]

    return dict(output(target) for target in targets)
