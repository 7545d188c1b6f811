"""Issues as a CSV file that a spreadsheet opens without running anything that a customer wrote."""

import csv
import io
from collections.abc import Sequence
from typing import Any

COLUMNS = (
    "reference",
    "title",
    "status_text",
    "category_title",
    "team_title",
    "technician",
    "entitlement_text",
    "impact_text",
    "customer",
    "company",
    "contact",
    "tags",
    "created_at",
    "updated_at",
    "resolved_at",
)
# Beside the title where an installation has several products.
PRODUCT = "product_title"
# What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """RFC 4180 with a heading; begins with a byte order mark, by which spreadsheets know UTF-8."""
    written = io.StringIO()
    table = csv.writer(written, quoting=csv.QUOTE_ALL)
    columns = [*COLUMNS[:2], PRODUCT, *COLUMNS[2:]] if any(row.get(PRODUCT) for row in rows) else COLUMNS
    table.writerow(columns)
    table.writerows([harmless(row.get(column)) for column in columns] for row in rows)
    return BYTE_ORDER_MARK + written.getvalue()


def harmless(value: object) -> str:
    """Return the value as text; one that a spreadsheet would run begins with an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
