"""The custom actions of stock's project: search the manual, check the form's answers, store the issue.

bench/stock/project.py copies this file into the project, where the plain rasa-sdk server runs it in stock's own
environment. So it imports nothing of ours.
"""

import re
import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher
from whoosh.fields import STORED, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import MultifieldParser, OrGroup

PROJECT = Path(__file__).parent
INDEX, ISSUES = PROJECT / "manual-index", PROJECT / "issues.db"
SLOTS = ("problem", "address", "error", "since", "version")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
SHOWN = 3
Json = dict[str, Any]


def index_manual(folder: Path, sections: Iterable[tuple[str, str, str]]) -> None:
    """Make the search index of the manual's sections: page title, heading, text."""
    folder.mkdir(parents=True)
    index = create_in(folder, Schema(title=TEXT(stored=True), heading=TEXT(stored=True), text=TEXT, shown=STORED))
    writer = index.writer()
    for title, heading, text in sections:
        writer.add_document(title=title, heading=heading, text=text, shown=text)
    writer.commit()


class SearchManual(Action):
    """Shows the sections of the manual that fit the question best."""

    def __init__(self) -> None:
        index = open_dir(INDEX)
        self.searcher = index.searcher()
        # Without plugins the parser has no query language, so that a question mark is no wildcard.
        self.parser = MultifieldParser(["title", "heading", "text"], index.schema, plugins=[], group=OrGroup)

    def name(self) -> str:
        return "action_search_manual"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Json) -> list[Json]:
        hits = self.searcher.search(self.parser.parse(tracker.latest_message["text"]), limit=SHOWN)
        found = "\n\n".join(f"{hit['title']}, {hit['heading']}\n{hit['shown']}" for hit in hits)
        if found:
            dispatcher.utter_message(text=f"The manual says:\n\n{found}")
        else:
            dispatcher.utter_message(text="I found nothing in the manual.")
        return []


class ValidateIssueForm(FormValidationAction):
    """Finds the address wherever it is said, and holds a version to have a number in it."""

    def name(self) -> str:
        return "validate_issue_form"

    def extract_address(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Json) -> Json:
        found = ADDRESS.search(tracker.latest_message["text"] or "")
        return {"address": found[0]} if found else {}

    def validate_version(self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Json) -> Json:
        if any(letter.isdigit() for letter in value):
            return {"version": value}
        dispatcher.utter_message(text="I see no version in that.")
        return {"version": None}


class StoreIssue(Action):
    """Stores what the form has asked, under a reference that the customer is told."""

    def __init__(self) -> None:
        with closing(sqlite3.connect(ISSUES)) as database, database:
            columns = ", ".join(f"{slot} TEXT" for slot in SLOTS)
            database.execute(
                f"CREATE TABLE IF NOT EXISTS issues (reference TEXT PRIMARY KEY, conversation TEXT, {columns})"
            )

    def name(self) -> str:
        return "action_store_issue"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Json) -> list[Json]:
        reference = f"TR-{secrets.randbelow(10**9):09}"
        row = (reference, tracker.sender_id, *(tracker.get_slot(slot) for slot in SLOTS))
        with closing(sqlite3.connect(ISSUES)) as database, database:
            database.execute(f"INSERT INTO issues VALUES ({', '.join('?' * len(row))})", row)
        dispatcher.utter_message(response="utter_reference", reference=reference)
        return [AllSlotsReset()]
