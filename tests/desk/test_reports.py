"""Reports count what happened, once, in a handful of queries; the demonstration fills them and leaves no trace."""

import csv
import io
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from sqlalchemy import event, func, select

from bot.desk.charts import chart
from bot.services.core.context import Context
from bot.services.core.errors import Conflict
from bot.services.demo import fill
from bot.services.hand_off import resolve_issues, silence
from bot.services.reporting import reports
from bot.services.reporting.report import LINES, Report
from bot.store.tables import Base, Technician
from tests.support.browser_windows import open_the_doors
from tests.support.gateway_fixture import Gateway


async def figures(gateway: Gateway, days: int = 30) -> dict[str, Report]:
    period = reports.period_of(gateway.ctx, None, None, str(days))
    return {one.id: one for one in await reports.all_reports(gateway.ctx, period)}


def total(report: Report, column: int = 1) -> float:
    return sum(row[column] or 0 for row in report.rows)


async def test_one_customers_way_is_counted_once_in_each_report(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    gateway.clock.advance(minutes=10)
    await anna.claim(case)
    gateway.clock.advance(minutes=5)
    await anna.say(case, "Hello")
    await anna.say(case, "And more")
    gateway.clock.advance(minutes=45)
    await anna.post(f"conversations/{case.conversation_id}/resolve")
    found = await figures(gateway)
    assert found["issues"].headline == "1 issues" or total(found["issues"]) == 1
    assert found["categories"].rows == [("Printing", 1)]
    # Out of office hours the wait is not counted, because nobody could come.
    assert total(found["waiting"], 3) in (0, 1)
    assert [row[1] for row in found["first-response"].rows if row[1]] == [pytest.approx(15, abs=0.5)]
    assert [row[1] for row in found["resolve"].rows if row[1]] == [pytest.approx(60, abs=0.5)]
    assert found["unpaid"].headline == "0 open and unpaid"
    for name, who in (("teams", "Applications"), ("technicians", "Anna")):
        ((named, issues, resolved, answered, solved, reopened, rated),) = found[name].rows
        assert (named, issues, resolved, reopened, rated) == (who, 1, 1, 0, None)
        assert (answered, solved) == (pytest.approx(15, abs=0.5), pytest.approx(60, abs=0.5))


async def test_an_open_issue_without_a_contract_is_unpaid(gateway: Gateway) -> None:
    await gateway.case()
    assert (await figures(gateway))["unpaid"].rows[0] == ("Today", 1)


async def test_supervisors_see_charts_tables_and_csv(gateway: Gateway) -> None:
    eva, case = await gateway.technician("Eva", role="supervisor"), await gateway.case()
    await eva.claim(case)
    page = (await eva.browser.get("/desk/reports?days=7")).text
    pictures = [fromstring(f"<svg{one.partition('</svg>')[0]}</svg>") for one in page.split("<svg")[1:]]
    charts = [svg for svg in pictures if svg.get("aria-hidden") != "true"]
    assert len(charts) >= 3
    for svg in charts:
        title, said = svg.find("title"), svg.find("desc")
        assert title is not None and title.text and said is not None and said.text
        assert svg.get("aria-labelledby") == f"{title.get('id')} {said.get('id')}"
    answer = await eva.browser.get("/desk/api/reports/categories.csv?days=7")
    assert answer.headers["content-type"].startswith("text/csv")
    assert list(csv.reader(io.StringIO(answer.text))) == [["Category", "Issues"], ["Printing", "1"]]
    for wrong in ("?days=x", "?from=2026-02-30", "?from=2026-02-03&to=2026-02-01", "?days=99999999"):
        assert (await eva.browser.get(f"/desk/api/reports/categories.csv{wrong}")).status_code == 422
    assert (await eva.browser.get("/desk/api/reports/dance.csv")).status_code == 422


def test_a_line_is_broken_where_a_day_has_no_data_and_points_have_their_numbers() -> None:
    rows = [("2026-11-01", 4, None), ("2026-11-02", 12.4, None), ("2026-11-03", None, None), ("2026-11-04", 8, None)]
    drawn = fromstring(str(chart(Report("waiting", "Waiting", "How long.", "8", LINES, ("Day", "A", "B"), rows))))
    lines = [line.get("points", "").split() for line in drawn.iter("polyline")]
    assert [len(points) for points in lines] == [2, 1]
    words = [text.text for text in drawn.iter("text")]
    assert {"4", "12", "8", "1 Nov", "4 Nov"} <= set(words)


async def test_technicians_do_not_see_reports(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    for address in ("/desk/reports", "/desk/api/reports", "/desk/api/reports/issues.csv"):
        assert (await anna.browser.get(address)).status_code == 403


async def test_the_demonstration_fills_every_report_and_leaves_no_trace(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = resolve_issues.resolve

    async def after_the_silence_rule(ctx: Context, *args: Any) -> None:
        """The gateway runs meanwhile, and the office is open."""
        await silence.return_unanswered(ctx)
        await resolve(ctx, *args)

    open_the_doors(gateway)
    monkeypatch.setattr(resolve_issues, "resolve", after_the_silence_rule)

    async def rows() -> dict[str, int]:
        async with gateway.ctx.db.read() as session:
            return {
                table.name: await session.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables
                if table.name not in ("audit", "scheduled_jobs")
            }

    ada = await gateway.technician("Ada", role="admin")
    before = await rows()
    made = await fill.fill_demo(gateway.ctx, issues=50)
    assert made == 80
    found = await figures(gateway, 90)
    assert total(found["categories"]) == 50
    for name in (
        "issues",
        "categories",
        "deflection",
        "waiting",
        "first-response",
        "resolve",
        "busiest",
        "abandoned",
        "rating",
    ):
        assert any(any(row[1:]) for row in found[name].rows), name
    waiting = (await ada.get("handoffs")).json()["handoffs"]
    assert len(waiting) >= fill.STILL_WAITING and all("(demo)" in one["customer"] for one in waiting)
    statements: list[str] = []
    event.listen(gateway.ctx.db.engine.sync_engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    await figures(gateway, 90)
    assert len([one for one in statements if one.startswith("SELECT")]) <= 10
    with pytest.raises(Conflict, match="there already"):
        await fill.fill_demo(gateway.ctx, issues=50)
    assert await fill.remove_demo(gateway.ctx) == made
    assert await rows() == before


async def test_the_demonstration_refuses_a_database_with_real_conversations(gateway: Gateway) -> None:
    await gateway.case()
    with pytest.raises(Conflict, match="1 real conversations"):
        await fill.fill_demo(gateway.ctx, issues=50)
    async with gateway.ctx.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Technician)) == 0


async def test_removing_the_demonstration_leaves_real_work_alone(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    await fill.fill_demo(gateway.ctx, issues=20)
    case = await gateway.case()
    await fill.remove_demo(gateway.ctx)
    assert (await anna.claim(case)).status_code == 200
    assert [one["reference"] for one in (await anna.get("issues")).json()["issues"]] == [case.reference]
