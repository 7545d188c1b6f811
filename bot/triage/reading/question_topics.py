"""Tell the topic of a question put to a support department, where the department can answer it itself.

The words decide: the place in the queue, the price, the hours, who answers and how, and why we ask.
"""

import re
from enum import StrEnum

from bot.triage.text.contractions import with_apostrophes


class Topic(StrEnum):
    """The subject of a question that needs no page of the manual."""

    PLACE = "place"
    HOURS = "hours"
    COST = "cost"
    CONTACT = "contact"
    WHERE = "where"
    WHY = "why"
    STATUS = "status"
    DURATION = "duration"
    SCREEN = "screen"
    KNOWN = "known"
    COLLEAGUE = "colleague"
    ADVERTISING = "advertising"
    FILE = "file"
    LATER = "later"
    ASSISTANT = "assistant"
    TIPS = "tips"


_TOPICS: tuple[tuple[Topic, str], ...] = (
    (
        Topic.TIPS,
        r"\btips?\b|\b(?:speed (?:this|it|things) up|make (?:this|it|things) (?:go )?faster|be (?:helped|"
        r"served) faster)\b|"
        r"\bfaster (?:service|help|support|answer)\b",
    ),
    (
        Topic.ADVERTISING,
        r"(?:send|get|mail|receive|with|sell|share|pass|give|use|spam|sign)\b.{0,60}\b(?:ads?|adverts?|advertis\w+|"
        r"marketing|newsletters?|spam|"
        r"third part(?:y|ies)|other (?:firms|companies)|mailing list)\b|\b(?:spam|newsletters?|advertis\w+|"
        r"marketing)\b.{0,40}\b(?:address|e-?mail|number|me|us)\b|"
        r"\b(?:sell|share|pass on|give away)\b.{0,30}\b(?:address|e-?mail|number|details|data)\b",
    ),
    (
        Topic.PLACE,
        r"\bhow many (?:people |others |customers )?(?:are |is |of us )?(?:there |still |currently )?(?:before|"
        r"ahead|in front|waiting|in (?:the )?(?:queue|line))|"
        r"\b(?:place|position|number|where)\b.{0,20}\b(?:in (?:the |your )?(?:queue|line)|am i)\b|\b(?:before|"
        r"ahead of|in front of) (?:me|us)\b|"
        r"\b(?:long|big|full) (?:is )?(?:the |your )?(?:queue|line|waiting)|\b(?:queue|line) (?:long|moving|"
        r"number)\b|\bam i (?:next|first|the next)\b|"
        r"\bmany waiting\b|\bhow (?:long|big) is (?:the |your )?(?:queue|line)\b",
    ),
    (
        Topic.COST,
        r"\bhow much\b.{0,30}\b(?:cost|charge|pay|money|is (?:it|this|that|support)|do (?:i|we))\b|\b(?:cost|"
        r"charge|bill|pay|paying|invoice) (?:me|us|for|anything|extra|something)\b|"
        r"\b(?:do|must|will|would|should|does|shall|have) (?:i|we|it|this|that|support)\b.{0,20}\b(?:pay|cost|"
        r"charged?|billed|expensive)\b|"
        r"\bbe (?:charged|billed|invoiced)\b|\b(?:is|are) (?:it|this|that|support|you|the help|"
        r"your help)\b.{0,12}\b(?:free|expensive|chargeable|paid|covered|included)\b|"
        r"\bfree of charge\b|\bfor free\b|\b(?:what|which) (?:does|do|will|is|are|would).{0,25}\b(?:cost|price|"
        r"rates?|fee|charge)\b|\bhow much is (?:it|this|that)\b|"
        r"\b(?:hourly rate|price list)\b|\bcovered by (?:my|our|the) (?:contract|plan|support)\b|\bcosts? (?:extra|"
        r"money|something|anything)\b",
    ),
    (
        Topic.HOURS,
        r"\b(?:when|what time|until when|till when|how late|which days|what days)\b.{0,25}\b(?:you|support|office|"
        r"technicians?|anyone|somebody)\b.{0,15}\b(?:open|close|there|available|work|reachable|begin|start|in)\b|"
        r"\b(?:opening|office|business|working|support) (?:hours|times)\b|\b(?:are|do|will|is) (?:you|support|"
        r"anyone|anybody|somebody|someone|the office|technicians)\b.{0,15}"
        r"\b(?:open|closed|there|available|work|working|in|answer)\b.{0,25}\b(?:today|tonight|tomorrow|now|still|"
        r"weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|holidays?|christmas|night|evenings?|"
        r"morning|lunch|\d)|\b(?:are|is) (?:you|support|anyone|anybody|someone|somebody) (?:there|still there|open|"
        r"in)\b|\bwhen do you (?:open|close)\b|\bhow late\b.{0,15}\bopen\b",
    ),
    (
        Topic.WHERE,
        r"\bwhere (?:do|can|could|would|should|is|are|does|will|exactly|in)\b.{0,30}\b(?:find|see|look|read|get|"
        r"that|this|it|stand|stands|written|shown|version|number|code|which|know)\b|"
        r"\bhow (?:do|can|could|would|should|will|to) ?(?:i|we|one)? ?(?:see|find|know|tell|check|look|get|"
        r"read)(?:\b.{0,12}\b(?:which|what|that|this|it|out|one|version|number|mine|code)\b|\W*$)|"
        r"\bwhere(?: is|'s)? (?:it|that|this)\b|\bhow (?:do|would|can|should) i know\b|\bwhere to (?:find|look|"
        r"see)\b|\bwhere\?|\bwhere is (?:it|that|this)\b",
    ),
    (
        Topic.WHY,
        r"\bwhy (?:do|does|would|are|must|should|is|all|so|that|this|the)\b.{0,30}\b(?:you|need|ask|asking|want|"
        r"matter|important|relevant|know|that|this|have to|questions?|necessary|required)\b|"
        r"\b(?:what|which)\b.{0,20}\b(?:need|want|use|good|for)\b.{0,12}\b(?:that|this|it|know|for)\b.{0,6}\bfor\b|"
        r"\bwhat (?:is|'s) (?:that|this|it) (?:good |needed |used )?for\b|"
        r"\bwhat (?:do|would) you (?:need|want|do) (?:that|this|it|with (?:that|this|it)|my \w+)(?: for| with)?\b|"
        r"\b(?:is|are) (?:that|this|it|these|those)(?: questions?| really)? (?:necessary|needed|important|relevant|"
        r"required)\b|"
        r"\bdoes (?:that|this|it) (?:matter|make a difference)\b|\bwhat (?:has|does) (?:that|this|it) (?:got |"
        r"have )?to do with\b|\bwhy\?|\bwhat for\b",
    ),
    (
        Topic.SCREEN,
        r"\b(?:remote|remotely|teamviewer|anydesk|screen[ -]?shar\w+|share (?:my|the|our) screen)\b|"
        r"\b(?:see|look at|view|watch|control|take over|access|connect to|connect with|log (?:on|in|into|onto)|"
        r"log in to|dial in\w*|get (?:into|on|onto|in to)|come on|check)\b.{0,20}"
        r"\b(?:my|our|the) (?:screen|pc|computer|machine|desktop|laptop|mac|system|workstation|server)\b|"
        r"\bsee what i (?:see|do)\b|\bwatch (?:me|what i)\b",
    ),
    (
        Topic.KNOWN,
        r"\b(?:is|are) (?:this|that|it|there)\b.{0,15}\b(?:known|common|normal|a bug|familiar|typical)\b|"
        r"\b(?:known|common) (?:bug|issue|problem|fault|error|thing)\b|"
        r"(?<!nobody )(?<!no one )\b(?:other|another|others|anyone else|anybody else|someone else|somebody else|"
        r"everyone|everybody|more people|many people|else)\b.{0,30}"
        r"\b(?:have|has|had|having|see|sees|seeing|report|reports|reported|get|gets|getting|too|this|same|affected|"
        r"complain\w*|problem|customers?|users|people|it)\b|"
        r"\b(?:am i|are we) the (?:only|first)\b|\b(?:have|has|did) (?:you|anyone|anybody|somebody|"
        r"your team)\b.{0,15}\b(?:heard|seen|had|known?|met|come across)\b|"
        r"\b(?:happen|happens|happened|happening) to (?:others|other|anyone|anybody|many|more|everyone)\b|"
        r"\bdo you know (?:about )?(?:this|that|the) (?:bug|problem|issue|error|one)\b|\bseen (?:this|that) before\b",
    ),
    (
        Topic.DURATION,
        r"\bhow (?:soon|quickly|fast)\b.{0,30}\b(?:you|it|this|that|someone|somebody|technician|answer|fixed|"
        r"solved|help)\b|\bhow long\b(?:\W*$|.{0,15}\b(?:it|this|that|you|i|we|wait|until|till)\b)|\bwhen (?:will|"
        r"can|do|does|would|is|are|might)\b.{0,25}\b(?:i|we|it|this|that|someone|somebody|anyone|you|technicians?|"
        r"they|a technician|the technician)\b.{0,25}"
        r"\b(?:answer\w*|reply|replies|hear|fixed|solved|done|expect|help\w*|call|get back|finish\w*|resolved|"
        r"ready|repl\w+|look\w*|free|contact\w*|respond\w*|come|start\w*|ring|write|work\w*)\b|"
        r"\b(?:will|does|is) (?:it|this|that) (?:going to )?(?:take|be) (?:long|much longer|fixed|quick|solved|"
        r"done|ready)\b|\bmuch longer\b|\bany idea when\b|\bstill today\b|\bby (?:today|tonight|tomorrow|noon)\?",
    ),
    (
        Topic.COLLEAGUE,
        r"\b(?:can|could|may|might|should|shall|is it ok(?:ay)? if|would it be ok(?:ay)? if|ok if|"
        r"let)\b.{0,12}\b(?:my|our|a|the|his|her|another|someone|somebody|anyone|one of|mrs?\.?|ms\.?|"
        r"[a-z]{2,15})\b.{0,40}"
        r"\b(?:answer|answers|reply|replies|tell you|talk to you|speak (?:to|with) you|write to you|respond|fill|"
        r"take over|continue|do this|help you|explain|join|chat with you|deal with)\b|"
        r"\b(?:can|could|may|should) i (?:ask|check with|fetch|get|bring in|involve|forward|"
        r"consult)\b.{0,12}\b(?:my|our|a|the|somebody|someone|him|her|them|it) ?(?:it |own )?"
        r"(?:colleague|boss|husband|wife|it|accountant|admin\w*|partner|son|daughter|people|department|guy|manager|"
        r"supervisor|technician|brother|sister|neighbour|neighbor)?\b",
    ),
    (
        Topic.FILE,
        r"\b(?:can|could|may|should|shall|how (?:do|can|could)|is it possible|do you (?:need|want)|would|am i able|"
        r"where (?:do|can))\b.{0,30}\b(?:send|attach|upload|post|paste|add|show|e-?mail|share|need|want|"
        r"help)\b.{0,25}"
        r"\b(?:screen ?shots?|photos?|pictures?|images?|files?|logs?|attachments?|pdf|videos?|recording|"
        r"print ?outs?)\b|\b(?:take|accept|read|open) (?:pictures|photos|screen ?shots|files|attachments|pdfs?)\b",
    ),
    (
        Topic.LATER,
        r"\b(?:can|could|may|should|shall|is it (?:ok|okay|possible|fine)|ok(?:ay)? if)\b.{0,25}\b(?:later|"
        r"tomorrow|tonight|next week|after (?:lunch|work)|another time|come back|in an hour|another day|"
        r"get back to you|afterwards|from home)\b|"
        r"\b(?:will|does) (?:this|the) (?:chat|window|conversation)\b.{0,15}\b(?:stay|remain|be|still|close|expire|"
        r"open)\b|\bwhat (?:happens )?if i close (?:this|the) (?:chat|window|page|browser|tab)\b|"
        r"\bcan i close (?:this|the)\b",
    ),
    (
        Topic.STATUS,
        r"\b(?:any (?:news|update|progress)|what(?: is|'s) (?:the status|my (?:number|reference)|happening with)|"
        r"(?:is|was|has) (?:it|this|that|my (?:issue|ticket|case|problem|report))\b.{0,12}\b(?:logged|registered|"
        r"received|recorded|saved|noted|arrived)|"
        r"did you (?:get|receive|save|note|log) (?:my|that|this|it)|do (?:i|we) (?:get|have) a (?:number|reference|"
        r"ticket))\b",
    ),
    (
        Topic.CONTACT,
        r"\b(?:your|the|a|support|which|what) (?:phone|telephone|tel|hotline|e-?mail|support|direct|"
        r"contact)? ?(?:number|address|hotline|line)\b.{0,15}\b(?:call|ring|reach|write|have|give|is|\?|mail)|"
        r"\bwhat(?: is|'s)? your (?:phone|telephone|number|e-?mail|address)\b|\b(?:can|could|may|should) (?:i|"
        r"we) (?:just |also |rather )?(?:call|ring|phone|telephone|e-?mail|mail|write to)(?: (?:you|somebody|"
        r"someone|in|instead|support|up))?(?=\W*$|\W*[?.,]| instead| about| on)|"
        r"\bhow (?:can|do|could) (?:i|we) (?:call|reach|phone|ring|contact|get hold of) (?:you|someone|somebody|"
        r"support)\b|\b(?:is there|do you have|have you got) a (?:phone|telephone|hotline|number|phone number|"
        r"support line)",
    ),
    (
        Topic.ASSISTANT,
        r"\b(?:are you|is this|am i (?:talking|speaking|chatting|writing) (?:to|with)|who am i|do you|"
        r"is there) (?:a |an |real |really |even |actually |still |the |talking |speaking |to |with ){0,4}"
        r"(?:bot|robot|human|person|machine|ai|chat ?bot|computer|automat\w*|program|real|someone|somebody)\b|"
        r"\b(?:are you|is (?:this|it|that)|am i (?:talking|speaking|chatting|writing|typing)|(?:have i got|who is|"
        r"who's) "
        r"(?:this|that|here|there))\b[^.?!\n]{0,30}\b(?:bots?|robots?|humans?(?: being)?|persons?|machines?|ai|chat "
        r"?bots?|computers?|"
        r"somebody real|living)\b(?: (?:here|there|at all|answering|typing|writing|responding|i'm talking to|"
        r"on the other (?:end|side)))?\s{0,2}(?:\?|\bor\b|,|\Z)|"
        r"\bwho are you\b|\bwhat are you\b|\bare you (?:human|real|alive|automatic|automated)\b",
    ),
)
_COMPILED = [(topic, re.compile(pattern)) for topic, pattern in _TOPICS]


def topic_asked(question: str) -> Topic | None:
    """Return the topic that a question is about; None when it is about something else, such as the program."""
    folded = with_apostrophes(question)
    return next((topic for topic, pattern in _COMPILED if pattern.search(folded)), None)
