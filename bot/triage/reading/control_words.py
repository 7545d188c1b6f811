"""Recognise what a customer says about the questions themselves: stop, start over, go back, wait, "I told you".

Only words that say little else count: "stop" ends the questions, "stop wasting my time" complains.
"""

import re
from enum import StrEnum

from bot.triage.reading.form import asks
from bot.triage.text.contractions import with_apostrophes
from bot.triage.text.plain_text import fold, word_set


class Control(StrEnum):
    """``GIVEN``: the answer was given before, as the customer says."""

    STOP = "stop"
    START_OVER = "start over"
    NEVER_MIND = "never mind"
    BACK = "back"
    REPEAT = "repeat"
    WAIT = "wait"
    GIVEN = "given before"
    SKIP = "skip"
    SKIP_ALL = "skip all"


MOST_CHARACTERS = 120
# Words that soften and change nothing.
_AROUND = (
    r"(?:(?:please|pls|ok|okay|oh|ah|aha|sorry|hey|well|no matter|no|just|then|now|thanks|thank you|actually|so|"
    r"but|and|right|erm|"
    r"uhm?|hmm|"
    r"can you|could you|can we|could we|can i|could i|may i|let's|lets|let us|i want to|i'd like to|i would like to|"
    r"i need to|you can|i lost track|i forgot)\s)*"
)
_AFTER = (
    r"(?:\s(?:please|pls|now|then|thanks|thank you|ok|okay|again|for now|with you|sorry|"
    r"instead|first|any ?more|after all))*"
)
_QUESTIONS = (
    r"(?:(?:all |any |all of )?(?:the |these |those |your |them |this |more |other |further |remaining |"
    r"rest of )*(?:questions?|questioning|"
    r"asking))"
)
# "I don't know" is an answer of its own kind, and no wish to go on.
_CANNOT_ANSWER = (
    r"(?:i |we )?(?:can't|cannot|can not|couldn't|am not able to|won't be able to|don't want to|would rather not|"
    r"prefer not to|rather not|(?:i'd|we'd) (?:rather|prefer)(?: not)?(?: to)?(?: not)?) (?:answer|tell|say)(?: "
    r"you)?(?: (?:it|this|that|the))*(?: (?:one|question))?"
)
_WORDS = {
    Control.SKIP: (
        rf"skip(?: (?:it|this|that|one|the|over))*(?: (?:one|question))?|(?:the )?next(?: (?:one|question))?|pass"
        rf"(?: on (?:it|this|that)(?: one)?)?|(?:go|move|carry) on(?: to| with)?(?: the)?(?: next(?: (?:one|"
        rf"question))?)?|"
        rf"(?:leave|drop)(?: (?:it|this|that|the))?(?: (?:one|question))? (?:out|blank|empty|aside)|{_CANNOT_ANSWER}"
    ),
    Control.STOP: r"stop|stop (?:it|that|this|here|there)|quit|enough(?: already)?|that's enough|that is enough|"
    r"that(?:'ll| will) do|"
    r"leave it at that|no more|end",
    Control.SKIP_ALL: (
        rf"(?:stop|quit) (?:with )?asking(?: me)?(?: (?:things|stuff|{_QUESTIONS}))?|(?:stop|quit|"
        rf"end) (?:with )?{_QUESTIONS}|"
        rf"(?:no|enough) (?:more |further |of )?{_QUESTIONS}|(?:that's |that is )?enough {_QUESTIONS}|"
        rf"(?:i'm|i am|i) (?:not|don't|do not|won't|will not) (?:want to |going to )?answer(?:ing)? (?:anything|"
        rf"{_QUESTIONS})"
        r"(?: any more)?|"
        rf"skip (?:all|everything|the rest|them|them all|{_QUESTIONS}|(?:all|the rest) of (?:it|them|these|those|"
        rf"that))"
    ),
    Control.START_OVER: (
        r"(?:go )?back to (?:the )?(?:beginning|start|square one)|(?:a )?(?:new|fresh) start|"
        r"(?:start|begin) (?:all )?(?:over|again|anew|afresh|(?:from|at) (?:the )?(?:beginning|start|scratch|top|"
        r"zero))"
        r"(?: (?:from|at) (?:the )?(?:beginning|start|scratch|top|zero))?|restart|reset|"
        r"(?:everything |all )?(?:from|at) (?:the )?(?:beginning|start|scratch|top|zero)|"
        r"(?:delete|forget|scrap|clear) (?:all |everything|it |that |all that |all of that |"
        r"this )+(?:and )?(?:start|begin) "
        r"(?:over|again|anew)|"
        r"(?:start|begin) (?:all )?(?:over|again|anew|afresh),? (?:because |since |as )?(?:i|that)(?:'ve|'s)? "
        r"[^.?!\n]{0,30}\b(?:wrong|mixed up|muddled|a mess|messed (?:it |that )?up|confused)"
    ),
    Control.NEVER_MIND: (
        r"never ?mind(?: (?:it|that|this))?|nvm|(?:forget|drop|leave|scrap|cancel|ignore|abort)(?: about)? (?:it|that|"
        r"this)"
        r"(?: all| whole thing| altogether)?|(?:forget|drop|scrap|cancel) (?:about )?(?:the|this|that|my) (?:whole |"
        r"entire )?"
        r"(?:thing|matter|lot|request)|"
        r"cancel|abort|forget|it(?:'s| is)? (?:not important|nothing|doesn't matter)|(?:it )?doesn't matter|"
        r"not important|doesn't matter|(?:don't|do not) (?:bother|worry)(?: about (?:it|that|this))?|"
        r"(?:leave|let) it(?: be| then| go)?|(?:it's |it is )?nothing|(?:it )?does not matter"
    ),
    Control.BACK: (
        r"(?:go |take me |step )?(?:one question )?back(?: (?:one|a step|one step|a question|one question|"
        r"please))?|one (?:step |"
        r"question )?back|"
        r"(?:go |return |jump )?(?:back )?(?:to )?(?:the |my )?(?:previous|last|earlier|former)(?: (?:one|question|"
        r"step))|"
        r"previous|undo|"
        r"(?:go )?(?:back )?(?:to )?the (?:one|question) before|"
        r"(?:change|correct|edit|redo|fix|undo) (?:my |the )?(?:previous|last|earlier) (?:answer|one|reply)"
    ),
    Control.REPEAT: (
        r"(?:what|which)(?: (?:was|is|were))? (?:the|your|that|this) (?:last )?questions?|which question|"
        r"(?:repeat|say|ask)(?: (?:it|that|this|the question|your question|me))*|come again|pardon(?: me)?|"
        r"what (?:did|do) you (?:ask|want|need|say)(?: to know| from me| me)*|what are you asking(?: me)?|"
        r"i (?:didn't|did not|don't|do not) (?:get|catch|see|understand|remember|read) (?:the|your|that|"
        r"this)(?: last)? question|"
        r"what (?:was|is) it(?: that)? you (?:want|wanted|need|needed|asked)(?: to know)?|what (?:did|"
        r"do) you want to know|"
        r"(?:where|what) were we(?: at)?|what question|once more|one more time"
    ),
    Control.WAIT: (
        r"(?:hold|hang) on|wait|(?:wait |just |only |hold on |hang on )*(?:a|one|another) (?:moment|sec|second|"
        r"minute|min|mo)|"
        r"(?:wait |just |only |give me |i need |need )+(?:a|one|two|three|five|ten|a few|\d{1,2}) ?"
        r"(?:moments?|secs?|seconds?|minutes?|mins?|mo)|moment|sec|brb|(?:i'll |i will )?be (?:right |"
        r"straight )?back(?: soon| shortly)?|(?:i'll be |i will be |i'm |be )?back in (?:a|an|one|two|five|ten|"
        r"half|\d{1,2})"
        r"(?: \w+)?|bear with me|(?:i'll |i will |i'm |i am |i )?(?:let me |going to |have to |need to |"
        r"must )(?:just |first |quickly )?"
        r"(?:check|look|see|find(?: (?:it|that))?(?: out)?|have a look|look (?:it|that|this|for it) up|think|ask|"
        r"get it)|"
        r"(?:i'll|i will) (?:just |quickly )?(?:check|look|see|find out|look (?:it|that|this) up|have a look|"
        r"ask)(?: (?:it|that))?"
    ),
    Control.GIVEN: (
        r"(?:i )?(?:have |'ve |had )?(?:just |already )*(?:told|said|wrote|written|answered|given|gave|sent|"
        r"mentioned|explained)"
        r"(?: (?:you|it|that|this|so|all|to you|you that|you all|you this|it to you))*(?: (?:already|before|above|"
        r"earlier|twice|once))*|"
        r"i've (?:just |already )*(?:told|said|written|answered|given|sent|mentioned|explained)(?: (?:you|it|that|"
        r"this|so|all))*"
        r"(?: (?:already|before|above|earlier|twice|once))*|"
        r"(?:why )?(?:don't you |do you not |you should |try to |go and |did you |didn't you |"
        r"did you not )?(?:re-?read|read|look at|see|check|scroll)"
        r"(?: (?:what|everything|all) (?:that )?i(?:'ve| have)? (?:write|wrote|said|told you|typed|sent|written)|"
        r" my (?:first |last |earlier )?"
        r"(?:messages?|text|mail|post)| it| that| up)*(?: (?:above|before|already|earlier|up|back|first|at all))*|"
        r"as (?:i )?(?:said|told|wrote|mentioned|above|stated|written)(?: (?:before|above|already|earlier|you))*|"
        r"(?:it's|it is|that's|that is|it was|it says so|all|is)(?: all)?(?: (?:already|written))*(?: (?:above|"
        r"there|up there|in (?:my|the) "
        r"(?:first |last |earlier )?(?:messages?|text|mail)))(?: (?:already|above))*|"
        r"you (?:already )?(?:have|know|got)(?: (?:it|that|this|all|all that))(?: (?:already|above))?"
    ),
}
_COMPILED = {control: re.compile(rf"{_AROUND}(?:{words}){_AFTER}") for control, words in _WORDS.items()}
_PARTS = re.compile(r"[,.;!]+")

# Said in other words: every word is one of these, and the key of one control is among them.
_PLAIN_WORDS = word_set(
    "exactly i i'm i've i'll i'd we we'll we've you you've your my me us it it's that that's this these those them "
    "the a "
    "an all any "
    "some of to from at in on with for and or but so just please pls ok okay oh sorry thanks then again more other "
    "further "
    "last previous first next back once already above before earlier twice also too really very do don't did "
    "didn't does "
    "not no can can't could would want wanted like need needed have had has is was are were be been let let's lets "
    "go going "
    "gone get got give given take ask asked asking say said told tell wrote write written read look see saw show "
    "repeat "
    "mean meant question questions answer answers answered answering one ones few bit while start started starting "
    "over "
    "begin beginning scratch scrap everything anything something things message messages chat mail text skip stop "
    "quit "
    "enough end wait hold hang check out know what which where understand catch remember rest remaining new whole "
    "lot will"
)
MOST_PLAIN_WORDS = 9
_KEYS = {
    Control.REPEAT: re.compile(
        r"\b(?:what|which|repeat|say|again|understand|catch|get|remember|see)\b.*\b(?:question|ask|asked|asking)\b|"
        r"^(?:please )?(?:repeat|sorry)$"
    ),
    Control.START_OVER: re.compile(r"\b(?:start|begin|starting)\b.*\b(?:over|again|scratch|beginning|new)\b"),
    Control.SKIP_ALL: re.compile(
        r"\b(?:no|not|don't|stop|enough|quit)\b.*\b(?:questions|asking)\b|"
        r"\bskip\b.*\b(?:all|rest|remaining|everything|questions|ones|them|lot)\b|\bno more (?:of|questions)\b"
    ),
    Control.GIVEN: re.compile(
        r"\b(?:told|said|wrote|written|answered|gave|given|asked|have|got)\b.*\b(?:already|above|before|earlier|"
        r"twice)\b|"
        r"\b(?:already|just)\b.*\b(?:told|said|wrote|written|answered|gave|given|asked)\b|"
        r"\b(?:read|see|look|check)\b.*\b(?:above|before|earlier|wrote|said|message|mail)\b|\bi've told you\b|"
        r"\b(?:is|it's|that's|all|everything)\b.*\b(?:above|in my (?:first |last |earlier )?(?:message|mail|text))\b|"
        r"\byou (?:have |got |had )+(?:that|it|this)\b.*\b(?:already|before)\b"
    ),
    Control.BACK: re.compile(
        r"\b(?:go|going|back|get|change)\b.*\b(?:previous|last|before|one) ?(?:question|answer|one)?$|^one back$|"
        r"\bgo back\b.*\bquestion\b"
    ),
}
_READS = re.compile(
    r"\b(?:read|see|look|check|scroll|told|said|wrote|written|answered|given|gave|sent|mentioned|explained|above|"
    r"message|have|know|got|there|text|mail|stated)\b"
)
_GIVEN_BEFORE = re.compile(r"\b(?:already|just) (?:told|said|answered|gave|wrote|explained)\b|\btold you\b")
# What may follow a request to wait: "hold on, phone is ringing".
_WAITS_FIRST = re.compile(
    r"(?:(?:please|ok|okay|oh|sorry|just|erm) )*(?:(?:hold|hang) on(?: a \w+)?|(?:just )?(?:one|a) (?:moment|sec|"
    r"second|"
    r"minute)|wait a \w+|moment|brb|"
    r"bear with me|give me (?:a|one|two|five|ten|\d{1,2}) \w+|wait)(?: please| pls)? ?[,.;:!-]+ ?(?P<why>.*)",
    re.DOTALL,
)
MOST_WORDS_OF_A_REASON = 9
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def read_control(text: str) -> Control | None:
    """Return what the words ask to happen with the questions; None when they say anything else."""
    if text.lstrip().startswith("/"):
        return None  # a typed slash is never a command
    plain = with_apostrophes(text)
    if len(plain) > MOST_CHARACTERS:
        return None
    words = " ".join(_WORD.findall(plain))
    if (skips := _skips_in_two_ways(plain)) is not None:
        return skips
    for control, pattern in _COMPILED.items():
        if pattern.fullmatch(words) and (control is not Control.GIVEN or _READS.search(words)):
            return control
    if (loose := _in_plain_words(words)) is not None:
        return loose
    waits = _WAITS_FIRST.fullmatch(plain.strip())
    # "Hang on, can you see my screen?" asks, and waits for the answer.
    reason = waits["why"] if waits and not asks(waits["why"]) else None
    if (
        reason is not None
        and len(_WORD.findall(reason)) <= MOST_WORDS_OF_A_REASON
        and not any(map(str.isdigit, reason))
    ):
        return Control.WAIT
    return None


def _skips_in_two_ways(plain: str) -> Control | None:
    """ "Next question please, can't answer this one": each part of the message skips."""
    parts = [" ".join(words) for part in _PARTS.split(plain) if (words := _WORD.findall(part))]
    skip = _COMPILED[Control.SKIP]
    return Control.SKIP if len(parts) > 1 and all(skip.fullmatch(part) for part in parts) else None


def _in_plain_words(words: str) -> Control | None:
    """Return the control whose key is in a short message that says nothing else."""
    said = words.split()
    if len(said) > MOST_PLAIN_WORDS or not _PLAIN_WORDS.issuperset(said):
        return None
    return next((control for control, key in _KEYS.items() if key.search(words)), None)


def says_given_before(text: str) -> bool:
    """Return whether anywhere in the words the customer says that the answer was given before."""
    return bool(_GIVEN_BEFORE.search(fold(text)))
