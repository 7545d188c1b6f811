"""Recognise trouble with the program or thing of another maker, which is the subject of its sentence."""

import re

from bot.triage.text.plain_text import fold

_PROGRAMS = (
    r"(?:sage|xero|quick ?books|quicken|datev|lexware|freshbooks|sap|zoho|odoo|netsuite|dynamics|sevdesk|myob|tally|"
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
    r"broke|died|shows?|says?|asks?|leaks?|no longer|refuses|needs? (?:repair|fixing|a repair)|went))"
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


def is_anothers_trouble(text: str) -> bool:
    """Return whether the text tells of trouble with another maker's program or thing, by its own words alone."""
    folded = fold(text)
    return bool(_SUBJECT.match(folded) or _OBJECT.search(folded))
