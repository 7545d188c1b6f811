"""After a solution a step of it is the same matter; another one begins where its writer says so."""

import pytest

from bot.triage.reading.coming_back import another_matter


@pytest.mark.parametrize(
    "text",
    [
        "I got to step 3 but the second thing is greyed out",
        "the other thing you wrote is not in my menu",
        "now another message comes up",
        "the next thing does not open",
        "I get a different error now",
    ],
)
def test_a_step_of_the_solution_is_no_other_matter(text: str) -> None:
    assert another_matter(text) is None


@pytest.mark.parametrize(
    ("text", "before", "matter"),
    [
        ("Works, thanks! Now a different problem: the scanner is dead", "Works, thanks!", "the scanner is dead"),
        ("The other thing: our list is empty", "", "our list is empty"),
        ("It works. And something quite different: Ann can't sign in", "It works.", "Ann can't sign in"),
        ("12.2. Another problem, unrelated: the labels are blank", "12.2.", "the labels are blank"),
    ],
)
def test_another_matter_begins_where_its_writer_says_so(text: str, before: str, matter: str) -> None:
    found = another_matter(text)
    assert found is not None
    assert (found.before, found.matter) == (before, matter)
