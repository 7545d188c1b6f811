"""The checklist of the tips page comes from the routing questions."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.manual_site.tips import MARKER, USUAL, checklist, tips_page
from bot.settings.support.load import load_support

PROSE = Path("knowledge_base/tips_for_faster_service.md")


@dataclass(frozen=True)
class Asked:
    tip: str


@dataclass(frozen=True)
class Kind:
    title: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True)
class Settings:
    categories: tuple[Kind, ...]


VERSION, CHANGED = Asked("The version."), Asked("What changed.")
SETTINGS = Settings(
    (
        Kind("Printing", (VERSION, Asked("The printer's make\nand model."), Asked(""), CHANGED)),
        Kind("Something else", (VERSION, CHANGED)),
        Kind("Backup", (Asked("The backup's date."), VERSION, Asked("The backup's date."))),
        Kind("Contract", (Asked("The contract's number."),)),
    )
)


def test_checklist_begins_with_what_is_nearly_always_asked_and_says_it_once() -> None:
    assert checklist(SETTINGS) == (
        "### Nearly always\n\n- The version.\n\n"
        "### Printing\n\n- The printer's make and model.\n- What changed.\n\n"
        "### Something else\n\n- What changed.\n\n"
        "### Backup\n\n- The backup's date.\n\n"
        "### Contract\n\n- The contract's number."
    )


def test_checklist_of_a_single_category_is_just_its_tips() -> None:
    assert checklist(Settings((Kind("Other", (VERSION, Asked(""))),))) == "### Other\n\n- The version."


def test_checklist_of_the_shipped_support_yml_holds_every_tip_and_names_every_specific_category() -> None:
    support = load_support(Path("no-such-home"))
    text = checklist(support)
    tips = {" ".join(asked.tip.split()) for category in support.categories for asked in category.questions}
    assert {line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")} == tips
    assert text.startswith("### Nearly always\n")
    assert "### Printing" in text


def test_telephone_number_of_the_manual_is_the_one_of_support_yml() -> None:
    phone = load_support(Path("no-such-home")).phone
    contact = Path("knowledge_base/manual/getting-started/contact-support.md").read_text(encoding="utf-8")
    assert f"**{phone}**" in contact
    assert phone in PROSE.read_text(encoding="utf-8")


def test_tips_page_has_the_checklist_where_the_prose_marks_it() -> None:
    page = tips_page(PROSE, SETTINGS)
    headings = [section.heading for section in page.sections]
    assert page.slug == "tips-for-faster-service"
    assert page.title == "Tips for Faster Service"
    assert headings.index(USUAL) == headings.index("What to have ready for your kind of problem") + 1
    assert headings.index("Contract") == headings.index("How to reach us") - 1
    assert page.markdown is not None and MARKER not in page.markdown


def test_prose_without_a_place_for_the_checklist_is_refused_by_name(tmp_path: Path) -> None:
    prose = tmp_path / "tips.md"
    prose.write_text("Only prose.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"tips\.md has no line <!-- checklist -->"):
        tips_page(prose, SETTINGS)
