"""Keep the dialogue model up to date with its sources."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from ruamel.yaml import YAML

from bot.installation.carriers import Word, carriers, filled, trade_words, write_training_data
from bot.installation.environment import engine_environment
from bot.installation.fingerprint import fingerprint
from bot.installation.model_scores import Comparison, NotMeasured, compare_models, store_scores
from bot.installation.own_words import store_words, words_for_training
from bot.installation.places import ENGINE_PYTHON, MODEL_NAME, ROOT, model_file
from bot.installation.taught_share import write_taught_share
from bot.installation.taught_words import TIMES, words_of_sentences
from bot.settings.env.settings import Settings

# What the operator and we teach.
TAUGHT = ("data/nlu", "data/rules")
# Rasa's own cache sees data, configuration and domain only, hence this list and --force. Of domain.yml all counts but
# the responses, which the gateway renders; of bot/triage what the classifier's normalisation reads with.
SOURCES = (
    *TAUGHT,
    "data/carriers",
    "bot/installation/carriers.py",
    "bot/installation/taught_words.py",
    "config.yml",
    "bot/engine",
    "bot/triage/reading/tech_reference.py",
    "bot/triage/reading/number_naming.py",
    "bot/triage/text/plain_text.py",
    "knowledge_base/embedder.py",
    "requirements/rasa.txt",
    "requirements/model.txt",
)
DOMAIN = ROOT / "domain.yml"
LINES_SHOWN_ON_FAILURE = 25


class TrainingFailed(Exception):
    """Rasa could not train; the message holds the end of its output and the path of the rest."""


class ModelWorse(Exception):
    """The new model understands clearly fewer of the held-out sentences; the previous one stays in use."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        super().__init__(
            "\n".join(
                [
                    "The new model was not put to use: it understands the held-out sentences clearly worse.",
                    *(f"  {line}" for line in comparison.worse),
                    "The one before is kept. Take out the sentences that were learned last, or, if this is what you "
                    "want: techref train --even-if-worse",
                ]
            )
        )


def model_is_current(settings: Settings) -> bool:
    """Return True when the model was made from the current sources and is undamaged, byte for byte."""
    return is_whole(settings) and _read(_stamp(settings.home)) == _stamped(settings.home)


def has_model(settings: Settings) -> bool:
    """Return True when there is any model."""
    return model_file(settings.home).exists()


def is_whole(settings: Settings) -> bool:
    """Return True when the model's file is the one that was swapped in: same size, same SHA-256."""
    stamp = _read(_stamp(settings.home))
    return stamp is not None and model_file(settings.home).exists() and stamp.endswith(_seal(model_file(settings.home)))


def model_was_rejected(settings: Settings) -> bool:
    """Return True when a model of the current sources was found clearly worse than the one in use."""
    return is_whole(settings) and _read(_rejected_stamp(settings.home)) == _wanted(settings.home)


def train_model(settings: Settings, *, even_if_worse: bool = False) -> Comparison:
    """Train, score, and swap the new model in; the old one stays in use until then.

    Takes about a minute. Raises TrainingFailed, and ModelWorse unless ``even_if_worse``.
    """
    words = words_for_training(settings.home)
    wanted, target = _wanted_with(settings.home, words), model_file(settings.home)
    workshop = target.parent / f".training-{os.getpid()}"
    log = settings.home / "logs" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(ENGINE_PYTHON), "-m", "bot.engine", "train", "--force"]
    command += ["--fixed-model-name", MODEL_NAME, "--out", str(workshop)]
    command += ["--data", *TAUGHT, str(_examples_of(settings.home, words, workshop))]
    try:
        with log.open("wb") as output:
            ended = subprocess.run(
                command,
                cwd=ROOT,
                env=engine_environment(settings, threads=os.cpu_count() or 1),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        made = workshop / target.name
        if ended.returncode or not made.exists():
            raise TrainingFailed(_explain(log))
        try:
            comparison = compare_models(settings, made, target)
        except NotMeasured as error:
            raise TrainingFailed(f"{error}\n\nThe new model cannot be asked; the one before is kept.") from error
        # A damaged model is of no use, however well it understood before.
        if comparison.worse and not even_if_worse and is_whole(settings):
            _rejected_stamp(settings.home).write_text(wanted)
            raise ModelWorse(comparison)
        made.replace(target)
        write_stamp(settings.home, wanted)
        store_words(settings.home, words)
        store_scores(settings.home, comparison.after)
        _rejected_stamp(settings.home).unlink(missing_ok=True)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return comparison


def _explain(log: Path) -> str:
    end = "\n".join(log.read_text(errors="replace").splitlines()[-LINES_SHOWN_ON_FAILURE:])
    return f"{end}\n\nThe dialogue model could not be trained; the one before is kept. All output: {log}"


def _examples_of(home: Path, words: list[Word], workshop: Path) -> Path:
    """Write the examples that are made for this installation into a folder, and return it."""
    made = workshop / "data"
    made.mkdir(parents=True, exist_ok=True)
    write_training_data(made / "carriers.yml", filled([*trade_words(), *words], carriers()))
    taught = write_taught_share(home, made)
    write_training_data(made / "taught_words.yml", filled(words_of_sentences(taught), carriers(), TIMES))
    return made


def _wanted(home: Path) -> str:
    return _wanted_with(home, words_for_training(home))


def _wanted_with(home: Path, words: list[Word]) -> str:
    ours = fingerprint([ROOT / name for name in SOURCES], ROOT)
    # By their names within the home, wherever that is: a copied one needs no other model.
    of_home = fingerprint([home / "nlu", home / "embedding" / "embedding.json"], home)
    own = json.dumps([[word.kind, word.text] for word in words])
    made_from = f"{ours} {of_home} {domain_without_responses(DOMAIN)} {own}"
    return hashlib.sha256(made_from.encode()).hexdigest()


def domain_without_responses(domain: Path) -> str:
    """Return the content of a Rasa domain except its responses, as JSON."""
    content = YAML(typ="safe").load(domain)
    return json.dumps({name: value for name, value in content.items() if name != "responses"}, sort_keys=True)


def write_stamp(home: Path, wanted: str | None = None) -> None:
    """Record what the model in use was made from, by default what is there now, and what its file is."""
    made_from = _wanted(home) if wanted is None else wanted
    _stamp(home).write_text(f"{made_from}\n{_seal(model_file(home))}")


def _stamped(home: Path) -> str:
    return f"{_wanted(home)}\n{_seal(model_file(home))}"


def _seal(archive: Path) -> str:
    """Return size and SHA-256 of the model's file; an archive that was cut short does not name itself damaged."""
    with archive.open("rb") as content:
        return f"{archive.stat().st_size} {hashlib.file_digest(content, 'sha256').hexdigest()}\n"


def _read(file: Path) -> str | None:
    return file.read_text() if file.exists() else None


def _stamp(home: Path) -> Path:
    return model_file(home).with_suffix("").with_suffix(".fingerprint")


def _rejected_stamp(home: Path) -> Path:
    return model_file(home).with_suffix("").with_suffix(".turned-down")
