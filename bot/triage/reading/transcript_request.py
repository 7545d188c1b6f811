"""Recognise the request for a copy of the conversation by e-mail."""

import re

from bot.triage.text.plain_text import fold

_WISH = re.compile(
    r"\b(?:copy|transcript) of (?:this|the|our|my|what)\b[^.?!\n]{0,15}\b(?:chat|conversation|said|wrote)\b|"
    r"\b(?:e-?mail|mail|send|forward|get|have|like)\b[^.?!\n]{0,20}\btranscript\b|"
    r"\b(?:e-?mail|mail|send|forward) (?:me |us )?(?:this|the|our) (?:whole )?(?:chat|conversation)\b"
)
_NOT = re.compile(r"\b(?:backup|invoice|file|report|licen[cs]e|not|never|don't|didn't)\b")
MOST_WORDS = 20


def asks_for_copy(text: str) -> bool:
    """ "Can you mail me a copy of this chat?"; a long message, or one about other copies, is about something else."""
    plain = fold(text)
    return bool(_WISH.search(plain)) and not _NOT.search(plain) and len(plain.split()) <= MOST_WORDS
