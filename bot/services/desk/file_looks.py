"""Looks of files over the desk's page, by what their bytes are."""

LOOKS = {"application/pdf": "pdf", "text/plain": "text"}


def look_of(content_type: str) -> str | None:
    """Return ``picture``, ``pdf`` or ``text``; None for a file that is only downloaded."""
    return "picture" if content_type.startswith("image/") else LOOKS.get(content_type)
