"""Tips for Faster Service: the page's prose, and a checklist generated from the routing questions.

The vendor's page asks customers to have "all of the necessary information" ready. That is the information the assistant
asks for, so the list is rendered from support.yml and never differs from the dialogue. The prose is
TECHREF_HOME/tips.md where there is one; its ``{placeholders}`` are filled from support.yml, too.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import knowledge_base
from bot.settings.problems import did_you_mean
from bot.settings.support.support import Support
from bot.triage.hours.hours_in_words import describe_week
from knowledge_base.pages import Page, page_from_markdown

SLUG = "tips-for-faster-service"
FILE_NAME = "tips.md"
SHIPPED = Path(knowledge_base.__file__).parent / "tips_for_faster_service.md"
MARKER = "<!-- checklist -->"
USUAL = "Nearly always"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


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


# Stands for the address of a department that has named none.
NO_WEBSITE = "our web site"


def values_of(support: Support) -> dict[str, str]:
    """Return what the placeholders of the prose stand for."""
    return {
        "company": support.company,
        "product": support.product,
        "phone": support.phone,
        "hours": describe_week(support.office_hours, support.hours_words),
        "website": support.website or NO_WEBSITE,
    }


def unknown_placeholders(prose: str) -> list[str]:
    """Return a sentence about each ``{placeholder}`` of the prose that stands for nothing."""
    known = ("company", "product", "phone", "hours", "website")
    names = dict.fromkeys(name for name in _PLACEHOLDER.findall(prose) if name not in known)
    has = ", ".join(f"{{{name}}}" for name in known)
    return [f"{{{name}}} stands for nothing (there are {has}).{did_you_mean(name, known)}" for name in names]


def prose_of(home: Path) -> str:
    """Return the page's text as it is written: the department's own, else the product's."""
    own = home / FILE_NAME
    return (own if own.exists() else SHIPPED).read_text(encoding="utf-8")


def tips_page(prose: str, support: Support) -> Page:
    """Return the page as one more page of the manual. Prose without a place for the checklist has it at its end."""
    text = _filled(prose, values_of(support))
    listed = checklist(support)
    whole = text.replace(MARKER, listed) if MARKER in text else f"{text.rstrip()}\n\n{listed}\n"
    return page_from_markdown(SLUG, whole)


def _filled(prose: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), prose)


def _tips(category: AskedCategory) -> list[str]:
    """Return the category's tips in the order of its questions, each once, on one line."""
    tips = (" ".join(question.tip.split()) for question in category.questions if question.tip)
    return list(dict.fromkeys(tips))


def _block(title: str, tips: Sequence[str]) -> str:
    return "\n".join([f"### {title}", "", *(f"- {tip}" for tip in tips)])
