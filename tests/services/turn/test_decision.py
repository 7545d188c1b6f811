"""A decision is made with the look-ups that it wants, on the real manual, and ends when it wants too many."""

from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.context import ShownAnswer
from bot.dialogue.evidence import Evidence, LookUp, LookUpWanted
from bot.dialogue.plan import RecordSearch, Say
from bot.dialogue.reading import Reading
from bot.services.core.manual_search import Manual
from bot.services.turn import decision
from bot.services.turn.decision import MOST_LOOK_UPS, decide_with_evidence
from knowledge_base.index import build_index
from knowledge_base.pages import read_manual
from tests.support.turn_contexts import SUPPORT, replies, written


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Manual:
    """The real manual, indexed by words alone."""
    home = tmp_path_factory.mktemp("home")
    build_index(read_manual(Path("knowledge_base/manual")), home / "index", None)
    return Manual(home)


async def test_a_question_is_answered_with_cards_of_the_manual(manual: Manual) -> None:
    context = written("how do I reprint an invoice?")
    plan, evidence = await decide_with_evidence(context, Reading("how_to", 0.9), SUPPORT, manual)
    assert replies(plan) == ["utter_manual_steps", "utter_did_it_help"]
    (found,) = evidence.manual.values()
    assert found.confident
    assert all(card["url"].startswith("/manual/") and card["title"] and card["excerpt"] for card in found.cards)
    assert found.answer is not None
    assert found.answer.url == found.cards[0]["url"] == "/manual/reprint-an-invoice#reprint-one-invoice"
    said = next(part for part in plan.reply if isinstance(part, Say))
    assert "1. Choose **Customers > Invoices**." in str(said.values["answer"])
    assert said.cards[0] == {"title": found.answer.title, "url": found.answer.url, "excerpt": ""}
    (recorded,) = (command for command in plan.commands if isinstance(command, RecordSearch))
    assert recorded.shown == found.cards
    assert recorded.score == found.score


async def test_what_the_manual_does_not_know_is_recorded_without_cards(manual: Manual) -> None:
    context = written("who won the chess championship?")
    plan, _ = await decide_with_evidence(context, Reading("how_to", 0.9), SUPPORT, manual)
    assert replies(plan) == ["utter_manual_has_nothing"]
    (recorded,) = (command for command in plan.commands if isinstance(command, RecordSearch))
    assert recorded.shown == ()


async def test_a_follow_up_is_answered_inside_the_page_shown(manual: Manual) -> None:
    shown = ShownAnswer("how do I set up a printer?", ("/manual/set-up-a-printer",), ("Set up a printer",))
    context = written("and on a Mac?", shown=shown)
    plan, evidence = await decide_with_evidence(context, Reading("inform", 0.9), SUPPORT, manual)
    assert plan.rule == "more about the answer"
    *_, found = evidence.manual.values()
    assert found.answer is not None and "Quillbook > Settings > Printing" in " ".join(found.answer.lines)
    assert found.pages == ("set-up-a-printer",)


async def test_the_manuals_own_warning_is_looked_up(manual: Manual) -> None:
    context = written("the company file is damaged and all invoices are gone")
    plan, evidence = await decide_with_evidence(context, Reading("report_issue", 0.9), SUPPORT, manual)
    assert "utter_first_aid_data_loss" in replies(plan)
    (found,) = evidence.manual.values()
    assert ("utter_first_aid_manual" in replies(plan)) is (found.warning is not None)


async def test_no_turn_looks_up_without_end(manual: Manual, monkeypatch: pytest.MonkeyPatch) -> None:
    def never_satisfied(_context: Any, _reading: Any, evidence: Evidence, _support: Any) -> None:
        raise LookUpWanted(LookUp(f"question {len(evidence.manual)}"))

    monkeypatch.setattr(decision, "decide", never_satisfied)
    with pytest.raises(LookUpWanted) as wanted:
        await decide_with_evidence(written("hello"), Reading("greet", 0.9), SUPPORT, manual)
    assert wanted.value.look_up == LookUp(f"question {MOST_LOOK_UPS}")
