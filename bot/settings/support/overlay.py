"""Lay one mapping of settings over another."""

from typing import Any


def overlaid(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Merge ``over`` into ``base``: mappings key by key, the rest replaced; a null removes the key."""
    result = dict(base)
    for key, value in over.items():
        before = result.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            result[key] = overlaid(before, value)
        elif isinstance(before, dict) and value is None:
            del result[key]
        else:
            result[key] = value
    return result
