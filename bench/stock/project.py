"""Lay out our intents and manual as a project of stock Rasa 3.6.21, as its documentation would have it built.

DIET and TED as in the template of `rasa init`; a form with its slots and its validation, an action that searches the
manual, one that stores the issue (bench/stock/actions.py). Each other intent has one prepared answer.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.stock.actions import SLOTS, index_manual
from bench.turns import DIALOGUE
from knowledge_base.corpus import read_corpus

ROOT = Path(__file__).parents[2]
YAML_FILES = YAML(typ="safe")
YAML_FILES.default_flow_style = False
FORM, FORM_INTENT, SEARCH, STORE = "issue_form", "report_issue", "action_search_manual", "action_store_issue"
ACTIONS = (SEARCH, STORE, f"validate_{FORM}")
QUESTIONS = {
    "problem": "What is going wrong?",
    "address": "At which e-mail address can we reach you?",
    "error": "What does the program say?",
    "since": "When did it begin?",
    "version": "Which version do you have?",
}
REFERENCE = "I've logged your issue. Your reference is "
# The beginning of each answer when stock has understood the line: one that misunderstands must not look fast.
UNDERSTOOD = {
    DIALOGUE[0]: "This is utter_greet.",
    DIALOGUE[1]: "The manual says:",
    DIALOGUE[2]: QUESTIONS["error"],
    DIALOGUE[3]: QUESTIONS["since"],
    DIALOGUE[4]: QUESTIONS["version"],
    DIALOGUE[5]: REFERENCE,
}
# TED learns from stories, of which we have none: conversations that follow the rules.
STORIES = (
    ("greet", "how_to", "thank", "goodbye"),
    ("greet", "ask_hours", "ask_contact", "thank"),
    ("how_to", "how_to", "solved", "goodbye"),
    ("ask_coverage", "ask_tips", "thank", "goodbye"),
    ("greet", "bot_challenge", "ask_person", "thank"),
    ("greet", "ask_status", "ask_hours", "goodbye"),
    ("greet", "how_to", "report_issue", "thank"),
    ("report_issue", "ask_hours", "goodbye"),
)


def configuration(epochs: int) -> dict[str, Any]:
    """Return what `rasa init` writes, less the response selector (there are no retrieval intents) and UnexpecTED."""
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
            {"name": "EntitySynonymMapper"},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "TEDPolicy", "max_history": 5, "epochs": epochs, "constrain_similarities": True},
        ],
    }


def write(folder: Path, epochs: int) -> None:
    """Lay the project into ``folder``, replacing what is there."""
    shutil.rmtree(folder / "data", ignore_errors=True)
    shutil.copytree(ROOT / "data" / "nlu", folder / "data" / "nlu")
    answered = {intent: f"utter_{intent}" for intent in [*spoken_intents(), "nlu_fallback"]}
    answered |= {"how_to": SEARCH, FORM_INTENT: FORM}
    rules = [{"rule": one, "steps": list(_steps(one, answered[one]))} for one in sorted(answered)]
    stories = [
        {
            "story": f"conversation {number}",
            "steps": [step for one in story for step in _steps(one, answered[one], through=True)],
        }
        for number, story in enumerate(STORIES)
    ]
    asked = {"slot_was_set": [{"requested_slot": None}]}
    full = {"rule": "the form is full", "condition": [{"active_loop": FORM}]}
    full["steps"] = [{"action": FORM}, {"active_loop": None}, asked, {"action": STORE}]
    _dump(folder / "domain.yml", _domain(answered))
    _dump(folder / "data" / "rules.yml", {"version": "3.1", "rules": [*rules, full], "stories": stories})
    _dump(folder / "config.yml", configuration(epochs))
    _dump(folder / "credentials.yml", {"rest": None})
    _write_actions(folder)


def spoken_intents() -> list[str]:
    """Return the intents of our training data, sorted."""
    files = sorted((ROOT / "data" / "nlu").glob("*.yml"))
    read = [YAML_FILES.load(file.read_text(encoding="utf-8")) for file in files]
    return sorted({part["intent"] for one in read for part in one["nlu"] if "intent" in part})


def _steps(intent: str, action: str, *, through: bool = False) -> Iterator[dict[str, Any]]:
    """Yield what follows an intent; a form until its first question, or ``through`` all of them."""
    yield from ({"intent": intent}, {"action": action})
    if action == FORM:
        yield {"active_loop": FORM}
        if through:
            yield from ({"active_loop": None}, {"action": STORE})


def _domain(answered: dict[str, str]) -> dict[str, Any]:
    said = {one: f"This is {one}." for one in answered.values() if one.startswith("utter_")}
    said |= {f"utter_ask_{FORM}_{slot}": question for slot, question in QUESTIONS.items()}
    said["utter_reference"] = REFERENCE + "{reference}."
    return {
        "version": "3.1",
        "intents": sorted(answered),
        "slots": {slot: _slot(slot) for slot in SLOTS},
        "forms": {FORM: {"required_slots": list(SLOTS)}},
        "actions": list(ACTIONS),
        "responses": {utterance: [{"text": text}] for utterance, text in said.items()},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _slot(name: str) -> dict[str, Any]:
    """Return a text of the form: the answer to its question, except for what may also be in what was said before."""
    answer = {"type": "from_text", "conditions": [{"active_loop": FORM, "requested_slot": name}]}
    mappings: list[dict[str, Any]] = [answer]
    if name == "problem":
        mappings.append({"type": "from_text", "intent": FORM_INTENT, "conditions": [{"active_loop": None}]})
    if name == "address":
        mappings = [{"type": "custom"}]
    return {"type": "text", "influence_conversation": False, "mappings": mappings}


def _write_actions(folder: Path) -> None:
    """Write the actions, and the index of the manual that they search: made beforehand, as ours is."""
    shutil.copy(Path(__file__).with_name("actions.py"), folder / "actions.py")
    shutil.rmtree(folder / "manual-index", ignore_errors=True)
    pages = read_corpus(ROOT / "knowledge_base" / "manual")
    index_manual(
        folder / "manual-index",
        ((page.title, section.heading, section.text) for page in pages for section in page.sections),
    )


def write_endpoints(folder: Path, actions_port: int) -> Path:
    """Write the endpoints, with dialogues kept in an SQLite file that is begun anew; return the file's path."""
    database = folder / "tracker.db"
    for old in folder.glob(f"{database.name}*"):
        old.unlink()
    path = folder / "endpoints.yml"
    store = {"type": "SQL", "dialect": "sqlite", "db": str(database)}
    _dump(path, {"tracker_store": store, "action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"}})
    return path


def _dump(path: Path, content: dict[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        YAML_FILES.dump(content, file)
