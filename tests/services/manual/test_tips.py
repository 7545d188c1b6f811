"""The checklist of the tips page comes from the routing questions."""

from dataclasses import dataclass
from pathlib import Path

from bot.services.manual.tips import MARKER, USUAL, checklist, prose_of, tips_page, unknown_placeholders
from bot.settings.support.load import load_support

NOWHERE = Path("no-such-home")


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
    support = load_support(NOWHERE)
    text = checklist(support)
    tips = {" ".join(asked.tip.split()) for category in support.categories for asked in category.questions}
    assert {line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")} == tips
    assert text.startswith("### Nearly always\n")
    assert "### Printing" in text


def test_telephone_number_of_the_demo_manual_is_the_one_of_support_yml() -> None:
    phone = load_support(NOWHERE).phone
    contact = Path("knowledge_base/manual/getting-started/contact-support.md").read_text(encoding="utf-8")
    assert f"**{phone}**" in contact


def test_tips_page_has_the_checklist_where_the_prose_marks_it() -> None:
    page = tips_page(prose_of(NOWHERE), load_support(NOWHERE))
    headings = [section.heading for section in page.sections]
    assert page.slug == "tips-for-faster-service"
    assert page.title == "Tips for Faster Service"
    assert headings.index(USUAL) == headings.index("What to have ready for your kind of problem") + 1
    assert headings[-1] == "How to reach us"
    assert page.markdown is not None and MARKER not in page.markdown


def test_the_prose_is_filled_from_the_settings(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text("product: Hartley\nphone: 555-010-2030\nhours: {zone: Europe/Berlin}\n")
    text = tips_page(prose_of(tmp_path), load_support(tmp_path)).markdown or ""
    assert "with Hartley open" in text and "555-010-2030: Monday to Friday" in text and "{" not in text


def test_prose_of_the_department_needs_no_place_for_the_checklist(tmp_path: Path) -> None:
    (tmp_path / "tips.md").write_text("---\ntitle: Before you call\n---\n\nCall {phone}, {dear}.\n", encoding="utf-8")
    page = tips_page(prose_of(tmp_path), load_support(NOWHERE))
    assert page.title == "Before you call" and "### Printing" in (page.markdown or "")
    assert "Call 234-542-4400, {dear}." in (page.markdown or "")
    assert unknown_placeholders(prose_of(tmp_path))[0].startswith("{dear} stands for nothing")
