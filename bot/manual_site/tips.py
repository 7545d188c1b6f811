"""Tips for Faster Service: the page's prose, and a checklist generated from the routing questions.

The vendor's page asks customers to have "all of the necessary information" ready. That is the information the assistant
asks for, so the list is rendered from support.yml and never differs from the dialogue.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from knowledge_base.pages import Page, page_from_markdown

SLUG = "tips-for-faster-service"
MARKER = "<!-- checklist -->"
USUAL = "Nearly always"


class AskedQuestion(Protocol):
    """The interface of a routing question that the checklist uses."""

    @property
    def tip(self) -> str: ...


class AskedCategory(Protocol):
    """The interface of a category that the checklist uses."""

    @property
    def title(self) -> str: ...
    @property
    def questions(self) -> Sequence[AskedQuestion]: ...


class AsksQuestions(Protocol):
    """The interface of Support that the checklist uses."""

    @property
    def categories(self) -> Sequence[AskedCategory]: ...


def checklist(support: AsksQuestions) -> str:
    """Return the checklist in Markdown: first the tips of more than half of the categories, then each one's own."""
    kinds = [(category.title, _tips(category)) for category in support.categories]
    asked = Counter(tip for _, tips in kinds for tip in tips)
    usual = [tip for tip, times in asked.items() if times > 1 and 2 * times > len(kinds)]
    blocks = [(USUAL, usual), *((title, [tip for tip in tips if tip not in usual]) for title, tips in kinds)]
    return "\n\n".join(_block(title, tips) for title, tips in blocks if tips)


def tips_page(prose: Path, support: AsksQuestions) -> Page:
    """Return the page as one more page of the manual. Raises ValueError when the prose lacks the list's place."""
    text = prose.read_text(encoding="utf-8")
    if MARKER not in text:
        raise ValueError(f"{prose.name} has no line {MARKER} where the checklist of support.yml could go")
    return page_from_markdown(SLUG, text.replace(MARKER, checklist(support)))


def _tips(category: AskedCategory) -> list[str]:
    """Return the category's tips in the order of its questions, each once, on one line."""
    tips = (" ".join(question.tip.split()) for question in category.questions if question.tip)
    return list(dict.fromkeys(tips))


def _block(title: str, tips: Sequence[str]) -> str:
    return "\n".join([f"### {title}", "", *(f"- {tip}" for tip in tips)])
