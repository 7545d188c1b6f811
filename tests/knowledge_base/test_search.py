import html
import re
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import nh3
import numpy as np
import pytest

from knowledge_base.corpus import read_corpus
from knowledge_base.embedder import Embedded, Embedder, Vectors
from knowledge_base.index import build_index
from knowledge_base.pages import Page, Section, page_from_markdown
from knowledge_base.passages import LONGEST_EXCERPT, excerpt
from knowledge_base.ranking import MOST_WORDS, WORDS_WEIGHT, query_terms, rank_sections, words_weight
from knowledge_base.search import Search, open_search
from knowledge_base.words import tokenise
from tests.knowledge_base.samples import pages

pytestmark = pytest.mark.xdist_group("search")
MANUAL = Path(__file__).parents[2] / "knowledge_base/manual"


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Search:
    folder = tmp_path_factory.mktemp("samples")
    build_index(pages(), folder, embedder)
    return open_search(folder, embedder)


@pytest.fixture(scope="module")
def by_words(tmp_path_factory: pytest.TempPathFactory) -> Search:
    folder = tmp_path_factory.mktemp("words")
    build_index(pages(), folder, None)
    return open_search(folder, None)


@pytest.mark.parametrize(
    ("question", "slug", "anchor"),
    [
        ("where do I find an old bill to print it once more?", "reprint", "reprint-one-invoice"),
        ("which menu gets the newest backup back in, to restore our books", "backup", "restore"),
        ("a new employee needs to log on", "users", "give-somebody-an-account"),
        ("QB-2107", "reprint", "what-can-go-wrong"),
    ],
)
def test_questions_in_the_customers_own_words_find_the_section(
    search: Search, question: str, slug: str, anchor: str
) -> None:
    best = search.find(question).passages[0]
    assert (best.page_slug, best.anchor) == (slug, anchor)


def test_passages_are_of_different_pages_best_first(search: Search) -> None:
    result = search.find("print invoice backup colleague server", limit=4)
    assert len({passage.page_slug for passage in result.passages}) == len(result.passages) == 4
    scores = [passage.score for passage in result.passages]
    assert scores == sorted(scores, reverse=True) and result.score == scores[0]
    assert len(search.find("print invoice backup", limit=1).passages) == 1


def test_card_links_to_the_heading_where_the_page_really_lives(search: Search) -> None:
    best = search.find("the server was not found").passages[0]
    assert best.url == "https://manual.example/network?page=4#server-not-found"


def test_without_the_model_words_alone_answer(by_words: Search) -> None:
    result = by_words.find("How do I reprint an invoice?")
    assert result.passages[0].page_slug == "reprint" and result.confident
    assert not by_words.find("holidays in the Alps").confident


def test_search_without_model_works_on_an_index_that_has_vectors(tmp_path: Path, embedder: Embedder) -> None:
    build_index(pages(), tmp_path, embedder)
    assert open_search(tmp_path, None).find("restore a backup").passages[0].page_slug == "backup"


def test_it_says_when_the_manual_has_no_answer(whole_manual: Search) -> None:
    assert whole_manual.find("How do I reprint an invoice?").confident
    assert whole_manual.find("the program cannot find the server, QB-4001").confident
    for question in ("what is the weather in Paris", "does the protein powder contain sugar", "asdf qwer zxcv"):
        assert not whole_manual.find(question).confident, question


@pytest.mark.parametrize(("wrong", "right"), [("reprint an invioce", "reprint an invoice"), ("bakcup", "backup")])
def test_typing_errors_are_corrected(search: Search, wrong: str, right: str) -> None:
    result = search.find(wrong)
    assert result.suggestion == right
    assert result.passages[0].page_slug == search.find(right).passages[0].page_slug


def test_words_of_the_language_are_no_typing_errors(whole_manual: Search) -> None:
    assert whole_manual.find("what is the weather in Paris").suggestion is None
    assert whole_manual.find("how do I reprint an invoice?").suggestion is None


ATTACKS = [
    "",
    "   \n\t",
    "* OR title:* AND NOT (",
    'title:"invoice" AND body:[a TO z]~2^5 && || + - ! { } \\ / ?',
    "'; DROP TABLE section; --",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\x00\x1b[31m\ufeff\u202e",
    "\ud800\udfff lone surrogates",
    "請求書を再印刷するにはどうすればいいですか",
    "как распечатать счёт ещё раз",
    "كيف أطبع الفاتورة",
    "🖨️ 🧾 ❓",
    "%s %d {0} ${jndi:ldap://x}",
    "/restart",
    "a" * 100_000,
    "\n".join(["invoice"] * 10_000),
]


@pytest.mark.parametrize("question", ATTACKS, ids=range(len(ATTACKS)))
def test_any_text_is_a_question_and_markup_never_leaves(search: Search, by_words: Search, question: str) -> None:
    for engine in (search, by_words):
        for passage in engine.find(question).passages:
            assert nh3.clean(passage.excerpt_html, tags={"mark"}, attributes={}) == passage.excerpt_html.replace(
                "&quot;", '"'
            ).replace("&#x27;", "'")


def test_query_language_is_plain_text(by_words: Search) -> None:
    plain = by_words.find("invoice print")
    assert by_words.find('title:invoice AND NOT "print"*~').passages[0].page_slug == plain.passages[0].page_slug
    assert by_words.find("inv*").passages == []


def test_ten_thousand_words_cost_little_more_than_a_hundred(whole_manual: Search) -> None:
    words = tokenise(" ".join(section.text for page in read_corpus(MANUAL) for section in page.sections))
    hundred, flood = " ".join(words[:100]), " ".join((words * 3)[:10_000])
    whole_manual.find(hundred)

    def seconds(question: str) -> float:
        times = []
        for _ in range(5):
            # The processor's time: on the clock a busy machine would decide.
            start = time.process_time()
            whole_manual.find(question)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(flood) < 5 * seconds(hundred) + 0.05


def test_of_a_long_message_the_rarest_words_count(whole_manual: Search) -> None:
    index, _ = whole_manual._newest()
    chatter = " ".join(f"blah{number}" for number in range(200))
    chosen = query_terms(f"{chatter} the invoice printer {chatter} QB 4001", index.words)
    assert len(chosen) == MOST_WORDS and {"invoic", "printer", "4001"} <= set(chosen)


def test_empty_index_answers_nothing(tmp_path: Path, embedder: Embedder) -> None:
    build_index([], tmp_path, embedder)
    result = open_search(tmp_path, embedder).find("how do I reprint an invoice?")
    assert result.passages == [] and not result.confident


def test_page_of_nothing_but_headings_is_found_by_them(tmp_path: Path) -> None:
    build_index([page_from_markdown("empty", "# Colours of the rainbow\n")], tmp_path, None)
    (passage,) = open_search(tmp_path, None).find("rainbow").passages
    assert passage.heading == "Colours of the rainbow" and passage.excerpt == ""


def test_hostile_page_is_escaped_in_its_excerpt(tmp_path: Path) -> None:
    hostile = "The <img src=x onerror=alert(1)> invoice </mark><script>alert('x')</script> & more"
    build_index([Page("x", "<b>T</b>", "", (Section("", "h", hostile),))], tmp_path, None)
    (passage,) = open_search(tmp_path, None).find("invoice").passages
    assert set(re.findall(r"<[^>]*>", passage.excerpt_html)) == {"<mark>", "</mark>"}
    assert html.unescape(re.sub(r"</?mark>", "", passage.excerpt_html)) == passage.excerpt == hostile


def test_other_scripts_find_and_mark_their_words(tmp_path: Path) -> None:
    texts = {"ja": "請求書を再印刷します。", "ru": "Счёт можно распечатать снова.", "el": "Εκτύπωση τιμολογίου"}
    build_index([Page(slug, slug, "", (Section("", slug, text),)) for slug, text in texts.items()], tmp_path, None)
    search = open_search(tmp_path, None)
    for question, slug in (("再印刷", "ja"), ("распечатать", "ru"), ("τιμολογιου", "el")):
        best = search.find(question).passages[0]
        assert best.page_slug == slug and "<mark>" in best.excerpt_html


def test_many_threads_get_the_answers_of_one(whole_manual: Search) -> None:
    questions = ["reprint an invoice", "restore a backup", "add a user", "server not found", "licence expired"] * 4
    expected = [whole_manual.find(question) for question in questions]
    wrong: list[str] = []

    def work() -> None:
        for question, result in zip(questions, expected, strict=True):
            slugs = [passage.url for passage in whole_manual.find(question).passages]
            if slugs != [passage.url for passage in result.passages]:
                wrong.append(question)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_excerpt_is_the_whole_sentences_that_hold_most_of_the_question() -> None:
    filler = "Nothing of interest stands in this sentence at all. " * 12
    text = f"{filler}To reprint an invoice choose Print Again. The number stays. {filler}"
    shown = excerpt(text, frozenset(tokenise("reprint invoice number")), lambda _word: 1.0)
    assert "To reprint an invoice choose Print Again. The number stays." in shown.text
    assert len(shown.text) <= LONGEST_EXCERPT and shown.text.endswith(".")
    assert "<mark>reprint</mark> an <mark>invoice</mark>" in shown.html


def test_excerpt_does_not_part_a_step_from_its_number_or_a_version_at_its_dot() -> None:
    text = "1. Update to 12.2.1 first.\n2. Choose Restore."
    assert (
        excerpt(text, frozenset({"restor"}), lambda _word: 1.0).text == "1. Update to 12.2.1 first. 2. Choose Restore."
    )


def test_very_long_sentence_is_cut_at_a_word() -> None:
    shown = excerpt("invoice " * 200, frozenset({"invoic"}), lambda _word: 1.0)
    assert shown.text.endswith("invoice …") and len(shown.text) <= LONGEST_EXCERPT + 2


def test_echo_of_the_manual_gives_words_more_weight(whole_manual: Search) -> None:
    index, embedder = whole_manual._newest()[0], whole_manual._embedder
    quoted = rank_sections("QB-4001: the server was not found", index, embedder)
    vague = rank_sections("my thing is somehow weird today", index, embedder)
    assert words_weight(quoted.asked, quoted.coverage, index.words) > WORDS_WEIGHT
    assert words_weight(vague.asked, vague.coverage, index.words) == WORDS_WEIGHT


class Counted:
    """The embedder, counting what it is asked for."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self.asked = embedder, 0

    def embed(self, texts: Sequence[str], max_tokens: int = 256) -> Vectors:
        self.asked += len(texts)
        return self._embedder.embed(texts, max_tokens=max_tokens)


def test_an_embedding_that_the_caller_has_is_not_made_again(whole_manual: Search) -> None:
    index, embedder = whole_manual._newest()[0], whole_manual._embedder
    assert embedder is not None
    question, counted = "how do I restore a backup", Counted(embedder)
    (vector,) = embedder.embed([question])
    embedded = Embedded.of_json(Embedded(f" {question}  ", vector).as_json())
    made = rank_sections(question, index, cast(Embedder, counted))
    assert counted.asked == 1
    handed_on = rank_sections(question, index, cast(Embedder, counted), embedded)
    assert counted.asked == 1 and np.allclose(handed_on.combined, made.combined)
    rank_sections("how do I delete a backup", index, cast(Embedder, counted), embedded)
    assert counted.asked == 2, "the embedding of other words"


@pytest.mark.parametrize("wrong", [{}, {"text": "a", "vector": "AAAA"}, {"text": "a", "vector": "?"}])
def test_an_embedding_of_another_shape_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises((ValueError, KeyError)):
        Embedded.of_json(wrong)


ODD_PAGE = page_from_markdown(
    "odd",
    "# Odd spellings\n\n## Old years\nThe revi\u00adsion mo\u00addule seals the ledger.\n\n"
    "## Abroad\nThe Zu\u0308rich office shows cafe\u0301 receipts.\n\n"
    "## Columns\nThe of\ufb01ce \ufb01lter hides \ufb02ags.\n\n"
    "## Limits\n`nightly_export_folder` names where exports lie. Set it at the end.Next sign in again.\n\n"
    "## Codes\nThe message QB-7731 means that the seal is broken.\n\n"
    "## Widths\n\uff26\uff55\uff4c\uff4c width and zero\u200bwidth, a\u00a0hard\u202fspace.\n",
)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Search:
    folder = tmp_path_factory.mktemp("odd")
    build_index([*pages(), ODD_PAGE], folder, None)
    return open_search(folder, None)


@pytest.mark.parametrize(
    ("question", "anchor", "marked"),
    [
        ("revision module", "old-years", "revision"),
        ("re\u00advision module", "old-years", "revision"),
        ("zürich café", "abroad", "Zürich"),
        ("zu\u0308rich cafe\u0301", "abroad", "Zürich"),
        ("ZURICH CAFE receipts", "abroad", "Zürich"),
        ("office filter flags", "columns", "flags"),
        ("nightly export folder", "limits", "nightly"),
        ("nightly_export_folder", "limits", "nightly"),
        ("next sign in again", "limits", "Next"),
        ("QB7731", "codes", "7731"),
        ("QB-7731", "codes", "7731"),
        ("qb 7731", "codes", "7731"),
        ("full zerowidth", "widths", "zerowidth"),
        ("\uff46\uff55\uff4c\uff4c width hard space", "widths", "space"),
    ],
)
def test_words_that_look_the_same_are_the_same(odd: Search, question: str, anchor: str, marked: str) -> None:
    found = odd.find(question)
    assert (found.passages[0].page_slug, found.passages[0].anchor) == ("odd", anchor)
    assert found.confident
    plain = found.passages[0].excerpt_html.replace("\ufb01", "fi").replace("\ufb02", "fl")
    assert f"<mark>{marked}</mark>" in plain
    assert "\u00ad" not in found.passages[0].excerpt and "\u200b" not in found.passages[0].excerpt


def test_versions_stay_one_word() -> None:
    assert tokenise("12.2.1 v12.2 and 10.0.19045") == ["12.2.1", "v12.2", "10.0.19045"]
