"""Report the gaps of the manual, from the recorded searches: questions without an answer, pages that did not help.

Everything returned is for signed-in staff and the operator's terminal, and anonymised.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urldefrag

from sqlalchemy import false, select

from bot.services.core.context import Context
from bot.services.core.worker_threads import REPORTS
from bot.store.tables import Contract, Conversation, Customer, SearchClick, SearchRecord
from bot.triage.privacy.anonymise import anonymise, customer_names

PERIOD_DAYS = 90
# Only the newest searches are read, up to this number.
MOST_SEARCHES = 5_000
# Wordings to group by meaning; embedding them takes about two seconds.
MOST_WORDINGS = 1_000
EXAMPLES = 4


@dataclass(frozen=True)
class Gap:
    """Questions that ask the same and had no good answer.

    ``askers`` counts conversations, and searches of the manual's site one by one, for those know no conversation;
    ``nothing_shown``, ``not_solved`` and ``issues`` say how often each thing happened.
    """

    question: str
    others: list[str]
    askers: int
    nothing_shown: int
    not_solved: int
    issues: int
    last_asked: datetime
    issue_ids: tuple[int, ...] = ()


@dataclass
class ShownPage:
    """A page of the manual and the results of showing it; counts of searches."""

    title: str
    url: str
    shown: int = 0
    opened: int = 0
    solved: int = 0
    not_solved: int = 0

    @property
    def without_solving(self) -> int:
        return self.shown - self.solved


@dataclass(frozen=True)
class Gaps:
    """``searches`` were read, back to ``since``; ``answered`` had an answer that was good enough to show.

    ``left_open``: nobody said whether it helped, and no issue followed.
    """

    since: datetime
    searches: int
    answered: int
    solved: int
    left_open: int
    questions: list[Gap] = field(default_factory=list)
    pages: list[ShownPage] = field(default_factory=list)


class _Search(NamedTuple):
    """The columns read of a recorded search."""

    id: int
    conversation_id: str | None
    question: str
    shown: list[Any]
    confident: bool
    solved: bool | None
    issue_id: int | None
    created_at: datetime
    customer: str | None
    email: str | None
    company: str | None
    opened: frozenset[int]


class _Wording(NamedTuple):
    """One anonymised wording, with its searches."""

    shown: str
    searches: list[_Search]


class _LookedOver(NamedTuple):
    gaps: Gaps
    wordings: list[_Wording]


async def search_gaps(ctx: Context, days: int = PERIOD_DAYS, limit: int = 50, product: str | None = None) -> Gaps:
    """Return the questions without a good answer, most askers first, and the pages shown most without solving.

    ``product``: of the searches in the manual of this one of several; None for all.
    """
    since = ctx.clock() - timedelta(days=days)
    searches = await _recorded(ctx, since, product)
    found = await REPORTS.run(_looked_over, since, searches, limit)
    places = await ctx.manual.groups([wording.shown for wording in found.wordings])
    groups = [_gap([found.wordings[place] for place in group]) for group in places]
    groups.sort(key=lambda gap: (-gap.askers, -gap.last_asked.timestamp()))
    return replace(found.gaps, questions=groups[:limit])


async def _recorded(ctx: Context, since: datetime, product: str | None) -> list[_Search]:
    """Return the newest searches first, each with the places of its opened hits."""
    asker = {"customer": Customer.name, "email": Customer.email, "company": Contract.company}
    columns = [
        asker[name].label(name) if name in asker else getattr(SearchRecord, name)
        for name in _Search.__annotations__
        if name != "opened"
    ]
    query = (
        select(*columns)
        .outerjoin(Conversation, Conversation.id == SearchRecord.conversation_id)
        .outerjoin(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(Contract, Contract.number == Customer.contract_number)
        .where(SearchRecord.created_at >= since)
    )
    if product is not None:
        # What was asked before there were several products was asked about the first.
        unnamed = SearchRecord.product.is_(None) if product == ctx.support.main_product else false()
        query = query.where((SearchRecord.product == product) | unnamed)
    clicks = (
        select(SearchClick.search_id, SearchClick.place)
        .join(SearchRecord, SearchRecord.id == SearchClick.search_id)
        .where(SearchRecord.created_at >= since)
    )
    opened: dict[int, set[int]] = defaultdict(set)
    async with ctx.db.read(long=True) as session:
        for search_id, place in await session.execute(clicks):
            opened[search_id].add(place)
        rows = await session.execute(query.order_by(SearchRecord.id.desc()).limit(MOST_SEARCHES))
        return [_Search(**row, opened=frozenset(opened[row["id"]])) for row in rows.mappings()]


def _looked_over(since: datetime, searches: Sequence[_Search], limit: int) -> _LookedOver:
    """Compute everything that needs no embedding, in a thread."""
    known = Gaps(
        since,
        len(searches),
        sum(search.confident for search in searches),
        sum(search.solved is True for search in searches),
        sum(search.solved is None and search.issue_id is None for search in searches),
        pages=_pages(searches)[:limit],
    )
    return _LookedOver(known, _wordings([search for search in searches if _without_good_answer(search)]))


def _without_good_answer(search: _Search) -> bool:
    """Return True when the manual had no answer, or one that did not help by the customer's word or a later issue."""
    if search.solved is not None:
        return not search.solved
    return search.issue_id is not None or (not search.confident and not search.opened)


def _wordings(searches: Iterable[_Search]) -> list[_Wording]:
    """Deduplicate the questions by their words; most askers first, then the newest."""
    same: dict[str, _Wording] = {}
    for search in searches:
        words = anonymise(search.question, customer_names(search.customer, search.email), search.company)
        if words:
            same.setdefault(words.casefold(), _Wording(words, [])).searches.append(search)
    ordered = sorted(same.values(), key=lambda one: (-_askers(one.searches), -one.searches[0].id))
    return ordered[:MOST_WORDINGS]


def _gap(wordings: Sequence[_Wording]) -> Gap:
    searches = [search for wording in wordings for search in wording.searches]
    issues = dict.fromkeys(search.issue_id for search in searches if search.issue_id is not None)
    return Gap(
        question=wordings[0].shown,
        others=[wording.shown for wording in wordings[1 : 1 + EXAMPLES]],
        askers=_askers(searches),
        nothing_shown=sum(not search.confident for search in searches),
        not_solved=sum(search.solved is False for search in searches),
        issues=len(issues),
        last_asked=max(search.created_at for search in searches),
        issue_ids=tuple(issues),
    )


def _askers(searches: Iterable[_Search]) -> int:
    return len({search.conversation_id or search.id for search in searches})


def _pages(searches: Sequence[_Search]) -> list[ShownPage]:
    """Return pages that were shown more often than they solved, the worst first."""
    pages: dict[str, ShownPage] = {}
    titles: dict[str, Counter[str]] = defaultdict(Counter)
    for search in searches:
        seen: set[str] = set()
        for place, card in enumerate(search.shown):
            url = urldefrag(str(card.get("url", ""))).url
            page = pages.setdefault(url, ShownPage("", url))
            page.opened += place in search.opened
            titles[url][str(card.get("title", "")).split(": ")[0]] += 1
            if url in seen:
                continue
            seen.add(url)
            page.shown += 1
            page.solved += search.solved is True
            page.not_solved += search.solved is False or (search.solved is None and search.issue_id is not None)
    for url, page in pages.items():
        page.title = titles[url].most_common(1)[0][0]
    troubled = [page for page in pages.values() if page.without_solving]
    return sorted(troubled, key=lambda page: (-page.not_solved, -page.without_solving, page.title))
