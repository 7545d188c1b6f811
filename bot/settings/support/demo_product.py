"""Clear the shipped settings of what only the product has that they are shipped with."""

import re
from typing import Any

PRODUCT = "product"
NAME = "Quillbook"
ERROR_CODE = "error_code"
ASSISTANT, WEBSITE = "assistant_name", "website"
# Its error codes, and the files of its backups.
_ITS_OWN = re.compile(r"\.?qb", re.IGNORECASE)


def without_demo(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return the shipped settings as another product begins with, when the department's file names one."""
    if own.get(PRODUCT, NAME) == NAME:
        return shipped
    named = {ASSISTANT: f"{own[PRODUCT]} assistant"} if isinstance(own[PRODUCT], str) else {}
    return {**{key: _cleared(value) for key, value in shipped.items()}, ERROR_CODE: None, WEBSITE: None, **named}


def _cleared(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cleared(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_cleared(one) for one in value if not (isinstance(one, str) and _ITS_OWN.match(one))]
    return value
