"""An answer is made of one section: its steps from the first on, the sentence that decides, or a passage."""

import pytest

from bot.dialogue.evidence import Answer as Said
from bot.dialogue.topics.answer_parts import answer_text
from bot.triage.text.content import content_of
from bot.triage.text.print_lines import plain
from knowledge_base.answers import (
    LONGEST_PASSAGE,
    MOST_STEPS,
    Answer,
    code_answer,
    lists_faults,
    passage_answer,
    sentence_answer,
    steps_answer,
)
from knowledge_base.section_store import MarkedSection
from knowledge_base.section_units import step_runs, units_of

STEPS = """Read this first.
1. Choose **File > Open**.
2. Pick a file:
   - a backup
   - a company
```
quill --open
```
3. Choose **OK**.
> **Do not** switch off.
"""


def section(marked: str, heading: str = "Open it") -> MarkedSection:
    return MarkedSection("files", "Files", "open-it", heading, "/manual/files#open-it", marked, 0)


def no_words(_text: str) -> float:
    return 0.0


def test_steps_keep_menu_paths_inner_lists_and_code_between_them() -> None:
    answer = steps_answer(section(STEPS), no_words)
    assert answer is not None
    assert (answer.kind, answer.title, answer.first, answer.more_url) == ("steps", "Files: Open it", 1, None)
    assert answer.lines == (
        "Choose **File > Open**.",
        "Pick a file:\n   - a backup\n   - a company\n   ```\n   quill --open\n   ```",
        "Choose **OK**.",
    )


def test_a_list_that_begins_at_a_later_step_is_no_instruction() -> None:
    assert steps_answer(section("2. Choose **Repeat**.\n3. Set the day."), no_words) is None


def test_more_steps_than_fit_go_on_in_the_manual() -> None:
    marked = "\n".join(f"{number}. Step" for number in range(1, 11))
    answer = steps_answer(section(marked), no_words)
    assert answer is not None
    assert (len(answer.lines), answer.more_url) == (MOST_STEPS, "/manual/files#open-it")


def test_of_two_instructions_the_one_with_the_questions_words_is_given() -> None:
    marked = "On Windows:\n1. Run it.\nOn Linux:\n1. Unpack it."
    assert step_runs(units_of(marked)) == [["Run it."], ["Unpack it."]]
    answer = steps_answer(section(marked), lambda text: float("Unpack" in text))
    assert answer is not None
    assert answer.lines == ("Unpack it.",)


def test_a_passage_in_a_list_of_steps_begins_with_the_first() -> None:
    marked = "\n".join(f"{number}. {'Word ' * 40}{number}" for number in range(1, 6))
    found = section(marked)
    answer = passage_answer(found, found.units[2])
    assert answer.lines[0].startswith("1. ")
    assert sum(map(len, answer.lines)) <= LONGEST_PASSAGE


def test_an_item_that_decides_keeps_its_heading() -> None:
    marked = "- **A till.** Enter the takings.\n- **Phones.** There is no app." + "\n- More. Words." * 30
    found = section(marked, "Other things it does not do")
    answer = sentence_answer(found, found.units[1], 1)
    assert answer.lines == ("**Other things it does not do:** **Phones.** There is no app.",)


def test_a_short_section_is_shown_whole() -> None:
    marked = "Use the VPN.\n> **Do not** open the port."
    answer = sentence_answer(section(marked, "Work from home"), units_of(marked)[1], 0)
    assert answer.lines == ("Use the VPN.", "**Do not** open the port.")


def test_a_list_of_codes_gives_the_lines_of_the_one_code() -> None:
    marked = "- **QB-1102, not known.** Type it again.\n- **QB-1103, in use.** Release one."
    answer = code_answer("qb1103", section(marked, "What can go wrong"))
    assert answer.lines == ("- **QB-1103, in use.** Release one.",)


@pytest.mark.parametrize("marked", ["", "Only words.", "> **Do not** stop.", "```\ncode\n```", "- a\n- b"])
def test_any_section_has_a_passage(marked: str) -> None:
    answer = passage_answer(section(marked))
    assert all(answer.lines)


def test_a_case_of_its_own_is_shown_without_the_others() -> None:
    found = section("- **It is there twice.** Unmatch one.\n- **It is blank.** Choose a font.", "What can go wrong")
    assert passage_answer(found, found.units[1]).lines == ("- **It is blank.** Choose a font.",)


def test_steps_are_a_numbered_list_on_every_surface() -> None:
    answer = Answer("steps", "files", "Files", "/manual/files", ("Choose **File > Open**.", "Choose **OK**."))
    text = "Here is how:\n" + answer_text(Said("steps", answer.title, answer.url, answer.lines))
    blocks = content_of(text, by_customer=False)
    assert blocks is not None
    assert [block["kind"] for block in blocks] == ["paragraph", "list"]
    assert (blocks[1]["start"], len(blocks[1]["items"])) == (1, 2)
    assert plain(text) == "Here is how:\n1. Choose File > Open.\n2. Choose OK."


def test_a_list_of_faults_differs_from_a_list_of_things() -> None:
    assert lists_faults(section("- **It is blank.** Choose a font.\n- **It is twice.** Unmatch one."))
    assert not lists_faults(section("- **By bank:** choose **Pay**.\n- **By card:** choose **Card**."))
    assert not lists_faults(section(STEPS))
    assert not lists_faults(section(""))
