"""Recognise trouble with the program or thing of another maker, which is the subject of its sentence."""

import re

from bot.triage.reading.wanted_answer import asks_for_way
from bot.triage.text.plain_text import fold

# Programs for the same work as the product's: what is asked about one of them uses the same words.
_OF_THE_TRADE = (
    r"(?:sage|xero|quick ?books(?: online| desktop)?|quicken|datev|lexware|freshbooks|sap|zoho|odoo|netsuite|dynamics|"
    r"sevdesk|myob|tally|gusto|adp|paychex|wave|kashflow|freeagent|bookkeepr|moneydance|gnucash|peachtree)"
)
_PROGRAMS = (
    rf"(?:{_OF_THE_TRADE}|"
    r"(?:ms |microsoft )?(?:excel|word|powerpoint|outlook|teams|access|onenote|office)|zoom|slack|skype|chrome|"
    r"firefox|edge|"
    r"safari|thunderbird|photoshop|acrobat|adobe(?: \w+)?|spotify|netflix|youtube|whatsapp|facebook|instagram|tiktok|"
    r"linkedin|"
    r"gmail|google (?:drive|maps|docs|sheets|calendar)|onedrive|dropbox|icloud|paypal|amazon|ebay|shopify|wordpress|"
    r"minecraft|steam|fortnite)"
)
_THINGS = (
    r"(?:coffee (?:machine|maker)|espresso machine|kettle|fridge|freezer|microwave|oven|dishwasher|washing machine|"
    r"dryer|"
    r"toaster|vacuum cleaner|car|bike|van|truck|lorry|tv|television|telly|radio|playstation|xbox|games? console|"
    r"iphone|android|"
    r"smart ?phone|mobile(?: phone)?|cell ?phone|landline|telephone|tablet|ipad|kindle|watch|lift|elevator|heating|"
    r"boiler|"
    r"radiator|air ?con(?:ditioning)?|lights?|lamp|door|lock|alarm|camera|webcam|projector|beamer|headset|headphones|"
    r"loudspeakers?|keyboard|mouse|shredder|franking machine|vending machine|water cooler|toilet|window blind)"
)
_LEAD = (
    r"(?:(?:hi|hello|hey|please|help|sorry|so|well|oh|good \w+|urgent|since \w+|today|now|and|but|also|i think|it "
    r"seems)\b[\s,.!:-]{0,3}){0,4}"
    r"(?:my|our|the|this|a|an|his|her|his|your)? ?(?:new |old |whole |entire |company |office |[a-z]+'s )?"
)
_FAILS = (
    r"(?:(?:\w+ ){0,4}?(?:won't|wont|doesn't|doesnt|does not|don't|isn't|is not|isnt|can't|cannot|cant|keeps?|"
    r"crash\w*|freez\w*|"
    r"hangs?|stopped|stops|fails?|is (?:broken|slow|down|dead|gone|stuck|making|leaking|acting)|has (?:crashed|died|"
    r"stopped|broken)|"
    r"broke|died|shows?|says?|gives?|throws?|asks?|leaks?|no longer|refuses|needs? (?:repair|fixing|a repair)|went))"
)
_SUBJECT = re.compile(
    rf"^\W*{_LEAD}(?:(?:\w+ ){{1,3}}(?:in|of) )?(?:my |our |the )?(?:{_PROGRAMS}|{_THINGS})(?: \d+\w*)? {_FAILS}\b"
)
_OBJECT = re.compile(
    rf"\b(?:(?:i|we) (?:can't|cannot|cant|couldn't|can not) (?:open|start|log ?in(?:to)?|use|install|update|get "
    rf"(?:into|in)|sign in(?:to)?)"
    rf"(?: to| in)?|(?:fix|repair|mend|trouble with|problems? with|(?:an? )?(?:issue|error|bug) (?:in|with))) "
    rf"(?:my |our |the |an? )?(?:{_PROGRAMS}|{_THINGS})\b"
)


# "My Sage prints without a logo", "how do I run payroll in Gusto"; what comes from there or goes there is ours.
_TRADE_SUBJECT = re.compile(
    rf"^\W*{_LEAD}(?:{_OF_THE_TRADE})(?: \d+\w*)? (?!and\b|or\b|to\b|files?\b|exports?\b)[a-z']+"
)
_IN_ANOTHER = re.compile(rf"\b(?:in|with|inside|on) (?:my |our |the )?(?:{_OF_THE_TRADE})\b")
_BETWEEN_PROGRAMS = re.compile(
    r"\b(?:import\w*|export\w*|switch\w*|mov(?:e|ed|ing)|migrat\w*|convert\w*|transfer\w*|connect\w*|sync\w*|from|"
    r"into|instead|compar\w*|better|than|replace\w*)\b"
)


def is_about_another_program(text: str) -> bool:
    """Return whether the text is about a program for the same work by another maker, and not about a change from it."""
    folded = fold(text)
    if _BETWEEN_PROGRAMS.search(folded):
        return False
    return bool(_TRADE_SUBJECT.match(folded) or (asks_for_way(text) and _IN_ANOTHER.search(folded)))


def is_anothers_trouble(text: str) -> bool:
    """Return whether the text tells of trouble with another maker's program or thing, by its own words alone."""
    folded = fold(text)
    return bool(_SUBJECT.match(folded) or _OBJECT.search(folded))
