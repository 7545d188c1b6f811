"""Content security policies: each page runs its own scripts and styles, and nothing else.

https://www.w3.org/TR/CSP3/
"""

import re

SOURCE = re.compile(r"^(?:\*|'self'|'none'|https?://[\w.*-]+(?::(?:\d+|\*))?)$")


def frame_ancestors(allowed: str) -> str:
    """Validate and return the origins that may show the chat in a frame, separated by spaces.

    Raises ValueError naming the invalid part: a ``;`` in it would add a directive of its own.
    """
    sources = allowed.split()
    if not sources:
        raise ValueError("frame_ancestors is empty: write * for any site, or origins like https://www.example.com")
    for source in sources:
        if not SOURCE.match(source):
            raise ValueError(f"frame_ancestors: {source!r} is not an origin such as https://www.example.com")
    return " ".join(sources)


def chat_policy(ancestors: str) -> str:
    """Return the chat's policy: everything from the gateway, pictures also from memory (attachment previews)."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
        )
    )


def site_policy() -> str:
    """Return the policy of the demo page and the like: a host page as any other, which may frame the chat."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
