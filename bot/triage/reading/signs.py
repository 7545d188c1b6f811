"""Yes and no that are signed instead of written: thumbs and ticks, as emoji or as the short names of chat programs."""

import re

# Slack writes :+1: and :+1::skin-tone-2:, Teams (yes) and (no): https://www.unicode.org/emoji/charts/full-emoji-list.html
_COLOUR = "(?:[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]|:skin-tone-[1-6]:)?"
_YES = (
    "(?:[\U0001f44d\U0001f44c\u2705\u2714\u2611\U0001f197\U0001f64c]|"
    r":(?:\+1|thumbs?_?up|ok_hand|ok|white_check_mark|heavy_check_mark):|\((?:yes|y|ok|like)\))" + _COLOUR
)
_NO = (
    "(?:[\U0001f44e\u274c\u274e\u2716\U0001f645]|"
    r":(?:-1|thumbs?_?down|x|no_good|negative_squared_cross_mark):|\((?:no|n|dislike)\))" + _COLOUR
)
_ONLY_YES = re.compile(rf"\s{{0,9}}(?:{_YES}[\s!.]{{0,9}}){{1,9}}", re.IGNORECASE)
_ONLY_NO = re.compile(rf"\s{{0,9}}(?:{_NO}[\s!.]{{0,9}}){{1,9}}", re.IGNORECASE)


def in_words(text: str) -> str:
    """Return "yes" or "no" for a message that is nothing but such signs, any other text as it is."""
    if _ONLY_YES.fullmatch(text):
        return "yes"
    return "no" if _ONLY_NO.fullmatch(text) else text
