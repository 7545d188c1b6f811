"""What the operator teaches is filled into carriers as well, so that a few sentences teach many wordings."""

from bot.installation.carriers import Word, carriers, filled
from bot.installation.taught_words import TIMES, words_of_sentences

TAUGHT = {
    "how_to": ["How do I prune the vine?", "add a trellis", "Which soils are known?", "the long row at the wall"],
    "report_issue": ["The pump coughs!", "USB stick isn't seen", "I see no rain", "word " * 13],
    "greet": ["ahoy"],
}


def test_questions_give_tasks_and_questions_and_problems_give_troubles() -> None:
    assert words_of_sentences(TAUGHT) == [
        Word("question", "which soils are known"),
        Word("task", "add a trellis"),
        Word("task", "prune the vine"),
        Word("trouble", "I see no rain"),
        Word("trouble", "USB stick isn't seen"),
        Word("trouble", "the pump coughs"),
    ]
    assert words_of_sentences({}) == []


def test_each_word_is_filled_into_several_carriers_of_its_intent() -> None:
    made = filled(words_of_sentences(TAUGHT), carriers(), TIMES)
    assert sum("prune the vine" in sentence for sentence in made["how_to"]) == TIMES
    assert sum("the pump coughs" in sentence for sentence in made["report_issue"]) == TIMES
    assert not any("pump" in sentence for sentence in made["how_to"])
    once = filled(words_of_sentences(TAUGHT), carriers())
    assert all(set(once[intent]) < set(made[intent]) for intent in once)
