"""Recognise what a customer says about the questions themselves: stop, start over, go back, wait, "I told you".

Only words that say little else count: "stop" ends the questions, "stop wasting my time" complains.
"""

import re
from enum import StrEnum

from bot.triage.text.contractions import with_apostrophes
from bot.triage.text.plain_text import fold


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
    r"(?:(?:please|pls|ok|okay|oh|sorry|hey|well|no|just|then|now|thanks|thank you|actually|so|but|and|right|erm|"
    r"uhm?|hmm|"
    r"can you|could you|can we|could we|can i|could i|may i|let's|lets|let us|i want to|i'd like to|i would like to|"
    r"i need to|you can|i lost track|i forgot)\s)*"
)
_AFTER = (
    r"(?:\s(?:please|pls|now|then|thanks|thank you|ok|okay|again|for now|with you|sorry|"
    r"instead|first|any ?more|after all))*"
)
_QUESTIONS = (
    r"(?:(?:all |any |all of )?(?:the |these |those |your |them |this |more |other )*(?:questions?|questioning|"
    r"asking))"
)
_WORDS = {
    Control.SKIP: r"skip(?: (?:it|this|that|one|the))?(?: (?:one|question))?|next(?: (?:one|question))?|pass",
    Control.STOP: r"stop|stop (?:it|that|this|here|there)|quit|enough|that's enough|that is enough|"
    r"leave it at that|no more|end",
    Control.SKIP_ALL: (
        rf"(?:stop|quit) (?:with )?asking(?: me)?(?: (?:things|stuff|{_QUESTIONS}))?|(?:stop|quit|"
        rf"end) (?:with )?{_QUESTIONS}|"
        rf"(?:no|enough) (?:more |of )?{_QUESTIONS}|(?:that's |that is )?enough {_QUESTIONS}|"
        rf"i (?:don't|do not|won't) (?:want to )?answer (?:anything|{_QUESTIONS})|"
        rf"skip (?:all|everything|the rest|them|them all|{_QUESTIONS}|(?:all|the rest) of (?:it|them|these|those|"
        rf"that))"
    ),
    Control.START_OVER: (
        r"(?:start|begin) (?:over|again|anew|afresh|(?:from|at) (?:the )?(?:beginning|start|scratch|top|zero))"
        r"(?: (?:from|at) (?:the )?(?:beginning|start|scratch|top|zero))?|restart|reset|"
        r"(?:everything |all )?(?:from|at) (?:the )?(?:beginning|start|scratch|top|zero)|"
        r"(?:delete|forget|scrap|clear) (?:all |everything|it |that |all that |all of that |"
        r"this )+(?:and )?(?:start|begin) "
        r"(?:over|again|anew)"
    ),
    Control.NEVER_MIND: (
        r"never ?mind(?: (?:it|that|this))?|nvm|(?:forget|drop|leave|scrap|cancel|ignore|abort)(?: about)? (?:it|"
        r"that|this)|"
        r"cancel|abort|forget|it(?:'s| is)? (?:not important|nothing|doesn't matter)|(?:it )?doesn't matter|"
        r"not important|doesn't matter|(?:don't|do not) bother|(?:it's |it is )?nothing|(?:it )?does not matter"
    ),
    Control.BACK: (
        r"(?:go |take me |step )?back(?: (?:one|a step|one step|a question|one question|please))?|one (?:step |"
        r"question )?back|"
        r"(?:go )?(?:back )?(?:to )?(?:the |my )?(?:previous|last|earlier|former)(?: (?:one|question|step))|"
        r"previous|undo|"
        r"(?:go )?(?:back )?(?:to )?the (?:one|question) before|"
        r"(?:change|correct|edit|redo) (?:my |the )?(?:previous|last|earlier) (?:answer|one|reply)"
    ),
    Control.REPEAT: (
        r"(?:what|which)(?: (?:was|is|were))? (?:the|your|that|this) (?:last )?questions?|which question|"
        r"(?:repeat|say|ask)(?: (?:it|that|this|the question|your question|me))*|come again|pardon(?: me)?|"
        r"what (?:did|do) you (?:ask|want|need|say)(?: to know| from me| me)*|what are you asking(?: me)?|"
        r"(?:where|what) were we(?: at)?|what question|once more|one more time"
    ),
    Control.WAIT: (
        r"(?:hold|hang) on|wait|(?:wait |just |only |give me |i need |need )*(?:a|one|two|five|ten|\d{1,2}) ?"
        r"(?:moments?|secs?|seconds?|minutes?|mins?|mo)|moment|brb|be right back|back in (?:a|an|one|two|five|ten|"
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
_READS = re.compile(
    r"\b(?:read|see|look|check|scroll|told|said|wrote|written|answered|given|gave|sent|mentioned|explained|above|"
    r"message|have|know|got|there|text|mail|stated)\b"
)
_GIVEN_BEFORE = re.compile(r"\b(?:already|just) (?:told|said|answered|gave|wrote|explained)\b|\btold you\b")
# What may follow a request to wait: "hold on, phone is ringing".
_WAITS_FIRST = re.compile(
    r"(?:(?:please|ok|okay|oh|sorry|just|erm) )*(?:hold on|hang on|(?:just )?(?:one|a) (?:moment|sec|second|"
    r"minute)|wait a \w+|moment|brb|"
    r"bear with me|give me (?:a|one|two|five|ten|\d{1,2}) \w+|wait)(?: please| pls)? ?[,.;:!-]+ ?(?P<why>.*)",
    re.DOTALL,
)
MOST_WORDS_OF_A_REASON = 9
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def read_control(text: str) -> Control | None:
    """Return what the words ask to happen with the questions; None when they say anything else."""
    plain = with_apostrophes(text)
    if len(plain) > MOST_CHARACTERS:
        return None
    words = " ".join(_WORD.findall(plain))
    for control, pattern in _COMPILED.items():
        if pattern.fullmatch(words) and (control is not Control.GIVEN or _READS.search(words)):
            return control
    waits = _WAITS_FIRST.fullmatch(plain.strip())
    if waits and len(_WORD.findall(waits["why"])) <= MOST_WORDS_OF_A_REASON and not any(map(str.isdigit, waits["why"])):
        return Control.WAIT
    return None


def says_given_before(text: str) -> bool:
    """Return whether anywhere in the words the customer says that the answer was given before."""
    return bool(_GIVEN_BEFORE.search(fold(text)))
