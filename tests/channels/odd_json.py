"""Payloads of the shape that services send, with something odd in one or two places."""

import copy
from typing import Any

from hypothesis import strategies as st

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
odd = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(max_size=8), scalars, max_size=3)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in the payload."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in places(one, (*path, key)))]


@st.composite
def spoiled(draw: st.DrawFn, payload: Any) -> Any:
    """The payload with one to three places replaced or left out."""
    changed = copy.deepcopy(payload)
    for path in draw(st.lists(st.sampled_from(places(payload)[1:]), min_size=1, max_size=3)):
        holder, key = changed, path[-1]
        for step in path[:-1]:
            try:
                holder = holder[step]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(holder, dict) and draw(st.booleans()):
            holder.pop(key, None)
        elif isinstance(holder, dict) or (isinstance(holder, list) and isinstance(key, int) and key < len(holder)):
            holder[key] = draw(odd)
    return changed
