"""The command line: what it completes, what it refuses, and in which words."""

import ast
import os
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT, ROOT, engine_command, engine_environment, train
from rasa.core.run import create_http_input_channels
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.exceptions import InvalidConfigException, RasaException

from bot.engine import launcher
from bot.engine.arguments import complete
from bot.engine.environment import Unprepared, internal_secret
from bot.engine.import_stubs import NEEDS_TENSORFLOW
from bot.engine.turn_channel import TurnChannel

HEAVY = {
    "tensorflow",
    "boto3",
    "botocore",
    "pymongo",
    "twilio",
    "aiogram",
    "slack_sdk",
    "confluent_kafka",
    "torch",
    "matplotlib",
}


@pytest.mark.parametrize("component", NEEDS_TENSORFLOW)
def test_a_component_that_needs_tensorflow_is_refused_by_name(component: str) -> None:
    module, instead = NEEDS_TENSORFLOW[component]
    for named in (component, f"{module}.{component}"):
        section = "policies" if "Policy" in component else "pipeline"
        config = {"pipeline": [{"name": "WhitespaceTokenizer"}], "policies": [{"name": "RulePolicy"}]}
        config[section].append({"name": named})
        with pytest.raises(InvalidConfigException, match=f"{component} needs TensorFlow") as refused:
            DefaultV1Recipe().graph_config_for_recipe(config, {})
        assert instead in str(refused.value)


def test_training_with_such_a_component_ends_with_that_message_and_no_model(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text(
        (PROJECT / "config.yml").read_text().replace("pipeline:\n", "pipeline:\n  - name: DIETClassifier\n")
    )
    trained = train(tmp_path, config)
    assert trained.returncode == 1 and not list(tmp_path.glob("models/*.tar.gz"))
    assert "DIETClassifier needs TensorFlow" in trained.stdout + trained.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-i", "0.0.0.0"], "127.0.0.1 only"),
        (["--enable-api"], "read all conversations"),
        (["--enab"], "read all conversations"),
        (["--connector", "rest"], "channel rest asks for no secret"),
    ],
)
def test_what_would_open_the_engine_is_refused_however_it_is_spelt(
    home: Path, arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in engine_environment(home).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", [])
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        launcher.main(["run", *arguments])
    assert ended.value.code == 1 and told in capsys.readouterr().out


def test_the_actions_are_not_run_from_here() -> None:
    with pytest.raises(Unprepared, match="python -m actions"):
        complete(["run", "actions"])


def test_a_refusal_is_printed_without_a_traceback(home: Path) -> None:
    answer = subprocess.run(
        engine_command("run", "-i", "0.0.0.0"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, **engine_environment(home)},
    )
    assert answer.returncode == 1 and "127.0.0.1 only" in answer.stdout and "Traceback" not in answer.stderr


def test_without_a_model_it_ends_with_an_error(tmp_path: Path) -> None:
    answer = subprocess.run(
        engine_command("run"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, **engine_environment(tmp_path)},
    )
    assert answer.returncode == 1 and "make train" in answer.stdout


def test_models_ports_and_interface_are_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TECHREF_HOME", "/srv/techref")
    monkeypatch.setenv("TECHREF_RASA_PORT", "20005")
    models = "/srv/techref/models"
    assert complete(["shell", "nlu"]) == ["shell", "nlu", "--model", models], "it opens no port"
    assert complete(["run"]) == ["run", "--model", models, "--port", "20005", "--interface", "127.0.0.1"]
    assert complete(["train", "--force"]) == ["train", "--force", "--out", models]
    assert complete(["test", "nlu"]) == ["test", "nlu", "--model", models]
    assert complete(["data", "validate"]) == ["data", "validate"]
    given = ["run", "-m", "m.tar.gz", "-p", "1", "-i", "127.0.0.1"]
    assert complete(given) == given


def test_without_a_secret_the_channel_does_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path))
    monkeypatch.setenv("TECHREF_INTERNAL_SECRET", " ")
    with pytest.raises(Unprepared, match="internal secret is missing"):
        TurnChannel()
    (tmp_path / "internal_secret").write_text("from the file\n")
    assert internal_secret() == "from the file"
    monkeypatch.setenv("TECHREF_INTERNAL_SECRET", "from outside")
    assert internal_secret() == "from outside"


def test_a_channel_of_rasas_own_is_refused_by_name(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.yml"
    credentials.write_text("slack:\n  slack_token: x\n")
    with pytest.raises(RasaException, match="SlackInput is not available"):
        create_http_input_channels(None, str(credentials))


def test_tensorflow_and_unused_clients_are_not_imported(tmp_path: Path) -> None:
    program = (
        "import sys, bot.engine.launcher, rasa.core.run, rasa.core.agent, rasa.core.channels, "
        "rasa.engine.recipes.default_components\n"
        "print(*sorted({name.partition('.')[0] for name, module in sys.modules.items() "
        "if getattr(module, '__file__', None)}))"
    )
    loaded = subprocess.run(
        [engine_command()[0], "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **engine_environment(tmp_path)},
    )
    names = set(loaded.stdout.split())
    assert {"rasa", "sanic", "sklearn"} <= names and not names & HEAVY
    assert loaded.stderr == ""


def test_the_engine_imports_of_ours_only_what_its_environment_can_run() -> None:
    allowed = ("bot.engine", "knowledge_base.embedder", "bot.triage.reading.tech_reference")
    imported = set()
    for module in (ROOT / "bot/engine").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
    ours = {name for name in imported if name.partition(".")[0] in {"bot", "actions", "knowledge_base"}}
    assert {"knowledge_base.embedder", "bot.triage.reading.tech_reference"} <= ours
    assert [name for name in ours if not f"{name}.".startswith(tuple(f"{each}." for each in allowed))] == []


def test_packages_on_the_engines_path_have_empty_inits() -> None:
    for package in ("bot", "bot/triage", "bot/engine", "knowledge_base"):
        assert (ROOT / package / "__init__.py").read_text() == ""


def test_what_the_audit_calls_unreachable_is_not_reached() -> None:
    """The reasons given in requirements/known-advisories.toml for dask and sanic-cors."""
    loaded = subprocess.run(
        [
            engine_command()[0],
            "-c",
            "import sys; from bot.engine import launcher; from bot.engine.private_server import private_app\n"
            "app = private_app(cors='https://elsewhere.example')\n"
            "print('dask.array' in sys.modules, len(app.response_middleware))",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.split()[-2:] == ["False", "0"]
