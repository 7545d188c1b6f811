"""Recognise a request for confidence in a customer's words, and a question about who reads the conversation.

A technical complaint about what somebody cannot see ("my boss can't see the report") is neither: to see or to read
must be about these very words.
"""

import re

from bot.triage.text.plain_text import fold, word_set

_SUPERIOR = (
    r"(?:boss(?:es)?|managers?|management|supervisors?|directors?|employers?|owners?|superiors?|partners?|"
    r"chiefs?|ceo|"
    r"cfo|hr|team leader|team lead|head of \w+|line manager|office manager)"
)
_COLLEAGUE = (
    r"(?:colleagues?|co-?workers?|workmates?|team|department|firm|company|office|staff|people|others?|accountants?|"
    r"auditors?|clients?|customers?|husband|wife|business partner|users?)"
)
_WHOSE = r"(?:my|our|the|any of my|any of our|his|her|their|other|any other)"
_ANYONE = r"(?:anyone|anybody|any ?one|everyone|everybody|others|any of them)(?: else)?"
_AT_WORK = r"(?: (?:at|in|from|of) (?:my|our|the) (?:work|firm|company|office|team|department|place|side))?"
_PERSON = (
    rf"(?:{_WHOSE} (?:\w+ )?(?:{_SUPERIOR}|{_COLLEAGUE})|{_SUPERIOR}|(?:{_ANYONE}|some(?:one|body)){_AT_WORK}|"
    rf"colleagues|"
    r"the rest of \w+ \w+)"
)
_SOMEBODY = rf"(?:{_PERSON}|she|he|they|her|him|them)"
_NOBODY = r"(?:nobody|no ?one|not a soul|none of \w+ \w+)(?: else| other)?(?: (?:at|in|from|of|here)(?: \w+){0,3}?)?"
_WRITTEN = (
    r"(?:wrote|write|said|say|told|tell|typed|type|mentioned|mention|sent|send|did|put|enter|entered|post|posted|"
    r"have (?:just )?(?:written|said|told))(?: in(?=\W|$))?"
)
_THIS = (
    rf"(?:(?:any|all|some) of (?:this|that|it)|what (?:i|we)(?:'ve| just)? {_WRITTEN}(?: (?:you|there|here|"
    rf"earlier|before|"
    r"above|just now|about \w+)){0,2}|(?:my|the|these|this|that) (?:last )?(?:messages?|words|chat|conversation|text|"
    r"story|part|matter)|anything (?:i|we) \w+|this|that|it|these)"
)
_LEARN = (
    r"(?:(?:get to |ever |even |also )?(?:knows?(?: (?:about|of))?|hears?(?: (?:about|of))?|finds? (?:it |this |"
    r"that )?out|"
    r"learns?(?: (?:about|of))?|be told|be informed|notice(?: (?:it|this|that))?|get wind))"
    r"(?! (?:why|how|where|which|when|if|whether|who)\b)"
)
_SEE = (
    rf"(?:(?:get to |ever )?(?:see|read|view|look at|get) (?:{_THIS})(?! (?:in|on|under|at|after) )|"
    r"(?:see|read)(?=\W*$|[,.;!?]))"
)
_LEARN_OR_SEE = rf"(?:{_LEARN}|{_SEE})"
_MUST_NOT = (
    r"(?:(?:must|should|may|can|could|shall|will|would|need)(?: not|not| never|n'?t)|(?:is|are)(?: not|n't) "
    r"(?:supposed|"
    r"meant|allowed) to|(?:is|are)(?: not|n't) to|(?:does|do)(?: not|n'?t) (?:need|have) to|better not|had better not)"
)
_SUPPORT = r"(?:technicians?|support|support (?:staff|team|people)|your (?:staff|team|people))"
_DO_NOT = r"(?:(?<!does )(?<!did )\bnot|don'?t|never|without|avoid|nor)"
_KEPT = r"(?:quiet|secret|private|confidential|hidden|discreet|under wraps|under your hat|off the record|in confidence)"
_KEPT_SO = (
    rf"(?:(?:strictly |just |only |all )?(?:{_KEPT}|between (?:us|you and me|the two of us|ourselves)|"
    r"with (?:you|us)(?: two| alone)?))"
)
_PLACE = (
    r"(?:(?:the |our |my |a )?(?:\w+ )?(?:channel|group|group chat|team chat|thread)|(?:the |our |"
    r"my )(?:whole )?team)"
)
_PATTERNS = (
    r"(?<!\bmy )(?<!\bown )\beyes only\b|\b(?:technician|support)(?:'s|s'?)? (?:eyes|ears)\b",
    rf"(?:^|[.;!,(] ?|\bplease |\b(?:this|that|it) is )not (?:for|in|into|to) (?:{_PLACE}|"
    rf"{_WHOSE} (?:\w+ )?(?:{_SUPERIOR}|{_COLLEAGUE}))(?: please)?"
    r"(?= ?[:,.;!-]|\W*$)",
    rf"\b{_DO_NOT} (?:ever |please )?(?:post|posting|put|putting|write|share|mention|repeat|show) (?:{_THIS}|my name)"
    rf"(?: back)? (?:(?:in|into|to|on) {_PLACE}|where {_PERSON} (?:can|could|may|might|will) (?:see|read))\b",
    rf"\b(?:keep|leave|keeping|leaving) {_SOMEBODY} out of (?:this|it|that)\b(?! \w+ (?:report|folder|file|menu))",
    rf"\b(?:nothing|no word|not a word)(?: (?:of|about) (?:this|that|it))? to {_PERSON}\b",
    rf"\b(?:keep|stay|stays|remain|leave)(?: {_THIS})? (?:off|out of|away from) {_PLACE}\b",
    r"(?:^|[.;!] ?)(?:strictly |please )?(?:confidential|private|privately|confidentially)(?: please)? ?[:,]",
    rf"(?:^|[.;!,(] ?)(?:just|strictly|purely) (?:for|to) (?:the |your |a )?{_SUPPORT}(?: please)?(?= ?[:,-]|\W*$)",
    rf"\b{_MUST_NOT} (?:ever )?(?:get|come|go|find its way) (?:back )?to {_PERSON}\b",
    rf"\bpromise (?:me )?(?:not to|you won'?t|you will not) (?:tell|show) {_SOMEBODY}\b",
    rf"\b{_DO_NOT} let (?:this|that|it) (?:get|go|leak|spread)(?: around| out| back)?(?=\W*$|[,.;!]| to\b)",
    r"\b(?:knows?|found out)\b[^.?!\n]{0,40}\bkeep it that way\b",
    r"\b(?:just |strictly )?between (?:us|you and me|you and i|the two of us|ourselves)\b"
    r"(?! and| there (?:is|are|was|were))",
    r"\bin (?:(?:strict|strictest|all|complete|full) )?(?:confidence|secrecy)\b(?! (?:interval|level))|"
    r"\b(?:tell|telling|say|saying|told|write|writing|admit|confess)\b[^.?!\n]{0,25}\bin (?:trust|private|secret)\b|"
    r"(?:^|[.;!,(] ?)(?:please )?(?:nobody|no one|noone)(?: else| other)(?: please)?(?= ?:)|"
    r"\bplease (?:nobody|no one|noone)(?: else| other)(?= ?[:,.;!-]|\W*$)|"
    r"(?:^|[.;!,(] ?|\b(?:is|this|that|it|strictly|just) )(?:for|to) you (?:only|alone)(?= ?[:,.;!-]|\W*$)|"
    r"\bonly (?:for |to )?(?:you|your) (?:and me|eyes)\b|\b(?:handle|treat|take)\b[^.?!\n]{0,20}\bwith discretion\b|"
    rf"\b{_THIS} {_MUST_NOT} (?:ever )?(?:reach|leak to|go to) {_PERSON}",
    r"\boff the record\b|\bfor your eyes only\b|\bhush[- ]hush\b|\bstrictly (?:confidential|private)\b|"
    r"\bconfidentially\b",
    r"\bbe discreet\b|\bdiscreetly\b|\bkeep mum\b|\bnot a (?:single )?word (?:of this |about this )?to\b",
    rf"\bonly for (?:the |a |your )?{_SUPPORT}\b|\b(?:tell|to|for) only (?:to )?(?:the |a )?{_SUPPORT}\b",
    rf"(?:^|[.;!,(] ?)only (?:to )?(?:the |a )?{_SUPPORT}(?: please)? ?[:,-]|\b{_SUPPORT} only\b",
    rf"\bonly (?:the |a |to the |your )?{_SUPPORT} (?:may|should|must|shall|can|is to|are to|to) {_LEARN_OR_SEE}\b",
    rf"\b(?:{_THIS}|which|the following) (?:is|are|stays?|must stay|should stay|has to stay|needs to stay|must "
    rf"remain|"
    rf"must be kept|should be kept|has to be kept|must be|should be|will stay)(?: \w+)? (?:{_KEPT_SO}|a secret)"
    r"(?! (?:report|folder|file|network|key|invoice|note|message|printer|field)s?\b)",
    rf"\b(?:keep|keeping|hold) (?:{_THIS}|everything|all this)(?: \w+)?(?: to yoursel(?:f|ves)| {_KEPT_SO}|"
    rf" (?:away |hidden |secret )?from {_PERSON})\b",
    rf"\b(?:can|could|may|will|would|please)(?: \w+)? (?:{_THIS})(?: please)? (?:stay|remain|be kept|be) "
    rf"{_KEPT_SO}\b",
    rf"\b(?:hide|hidden|withhold) (?:{_THIS}) from {_PERSON}\b",
    rf"\btreat (?:{_THIS})(?: \w+)? (?:confidential|as (?:confidential|private|secret|a secret)|with discretion)",
    rf"\b{_DO_NOT} (?:ever |please )?(?:show|showing|forward|forwarding|share|sharing|pass|passing|send|"
    rf"disclose|reveal|"
    rf"report|repeat|mention|give|copy) (?:{_THIS})(?: on)?(?: please)? (?:to|with) {_SOMEBODY}\b",
    rf"\b{_DO_NOT} (?:ever |please )?(?:tell|telling|inform|informing|notify|cc) (?:{_SOMEBODY}|our|my)\b",
    r"\b(?:do not|don'?t|dont|never) tell (?!me\b|us\b|you\b)\w+(?: (?:pls|please))?(?=\W*$|[,.;!])",
    r"\b(?:can|could|will) you keep (?:a|my) secret\b|\bthis is (?:a|our) secret\b",
    r"\b(?:something|a thing) (?:that )?(?:nobody|no one|no ?body) else (?:sees|reads|hears|knows|may see|"
    r"should see)\b",
    rf"\b(?:do not|don'?t|never) let {_SOMEBODY} (?:know|see|find out|hear|read|learn)\b",
    rf"\b{_SOMEBODY} {_MUST_NOT} {_LEARN_OR_SEE}",
    rf"\b{_NOBODY} (?:may|must|should|is to|are to|has to|needs to|ought to|shall|is allowed to) {_LEARN_OR_SEE}",
    rf"\b(?:make sure|ensure|promise|guarantee)(?: me)?(?: that)? (?:{_SOMEBODY} (?:does|do|will|can)(?: not|n'?t)|"
    rf"{_SOMEBODY} never|{_NOBODY})(?: ever)? (?:sees?|reads?|finds? out|hears?|knows?|learns?|gets?)"
    r"(?=\W*$|[,.;!?]| (?:this|that|it|about|of|what)\b)",
    rf"\b(?:do not|don'?t|would not|wouldn'?t|did not|didn'?t) (?:want|wish|like) (?:for )?{_SOMEBODY}(?: to)? "
    rf"(?:{_LEARN_OR_SEE}|knowing|hearing|finding out|seeing (?:this|it|that)|reading (?:this|it|that))",
    rf"\b(?:rather|prefer(?: it)? if|prefer that|hope|hoping|better if|good if|wish)(?: that)? {_SOMEBODY} "
    rf"(?:did|does|do|would|will)?(?: not|n'?t| never|never)(?: to)? {_LEARN_OR_SEE}",
    rf"\bwithout {_SOMEBODY}(?: \w+)? (?:knowing|hearing|finding out|noticing|learning|"
    r"getting wind|(?:seeing|reading|being told) (?:of |about )?(?:this|it|that|along))\b",
    rf"\bbefore (?:my|our) {_SUPERIOR} (?:finds? out|hears?)\b",
)
# The same wish in the languages that the assistant answers in: short set phrases.
_IN_OTHER_LANGUAGES = (
    r"\b(?:(?:das|es) )?(?:bleibt |muss |soll )?unter uns\b(?: bleiben)?|\bim vertrauen\b|\bvertraulich\b|"
    r"\b(?:chef|chefin|vorgesetzter?|kollegen) (?:darf|dürfen|"
    r"soll|sollen|"
    r"muss) (?:das|es|davon|hiervon|dies)? ?(?:nicht|nichts|auf keinen fall) ?(?:davon )?(?:wissen|erfahren|"
    r"sehen|mitbekommen|"
    r"lesen)\b|\b(?:darf|soll) (?:das|es|davon) niemand\b|\bniemand (?:darf|soll) (?:das|es|davon)\b",
    r"\bentre nous\b|\bconfidentiel(?:le|s)?\b|\bconfidentiellement\b|\b(?:chef|patron|supérieur|collègues) ne "
    r"(?:doit|doivent|peut) (?:pas|rien)\b|\bpersonne ne doit (?:le |en )?(?:savoir|voir)\b",
    r"\bentre nosotros\b|\ben confianza\b|\bconfidencial(?:mente)?\b|\b(?:jefe|jefa|compañeros) no (?:debe|"
    r"deben|puede) "
    r"(?:saber|enterarse|ver)|\bque nadie (?:se entere|lo sepa|lo vea)\b",
    r"\btra (?:di )?noi\b|\bin confidenza\b|\bin via riservata\b|\b(?:capo|colleghi) non (?:deve|devono) "
    r"(?:sapere|vedere)",
    r"\bentre nós\b|\bem confidência\b|\b(?:chefe|colegas) não (?:pode|podem|deve|devem) (?:saber|ver)",
    r"\bonder ons\b|\bvertrouwelijk\b|\b(?:baas|chef|collega's) (?:mag|mogen) (?:dit|het|dat|er)? ?(?:niet|"
    r"niets|nooit)\b",
    r"\bmiędzy nami\b|\bpoufn(?:e|ie|a)\b|\b(?:szef|szefowa|koledzy) nie (?:może|mogą|powinien) (?:się )?"
    r"(?:o tym )?(?:wiedzieć|dowiedzieć|zobaczyć)",
)
_WISH = re.compile("|".join(f"(?:{one})" for one in (*_PATTERNS, *_IN_OTHER_LANGUAGES)))
_HOW_TO = re.compile(
    r"\bhow (?:do|can|could|to|would|should)\b[^.?!\n]{0,20}$|\bmy (?:report|invoice)s?\b[^.?!\n]{0,20}$"
)
_HERE = (
    rf"(?:(?:my|the|these|this) (?:messages?|words|chat|conversation|text)|what (?:i|we) (?:\w+ )?{_WRITTEN}|"
    rf"(?:this|these)(?! (?:report|invoice|list|field|figure|file|window|page|menu|document|layout|folder|account|user|"
    r"company|customer|entry|order|quote|screen|record|total|price|note)s?\b)|along|(?:it|that) here|here)"
)
_WHO_READS = re.compile(
    r"\bwho(?: (?:else|all|exactly|precisely|apart from \w+|besides \w+|in \w+ \w+|at \w+ \w+|everything))*"
    r"(?: (?:can|could|will|may|gets? to|is able to|is going to|is allowed to|would|might|else|all|then|actually))*"
    rf" (?:reads?|sees?|looks? at|views?|has access to|have access to|is reading|reading|follows?) {_HERE}"
    rf"|\b(?:is|are) (?:{_HERE})(?: here)?(?: (?:really|all|strictly|fully|kept))? (?:confidential|private|"
    rf"secret|anonymous|in confidence)\b"
    rf"|\b(?:can|could|will|does|do|would|is|are|might|may) {_PERSON} (?:also |be able to |able to |going to |"
    rf"get to |ever |allowed to )*(?:see|read|reading|seeing|"
    rf"get|look at|know about|hear about|find out about) {_HERE}"
    rf"|\bdo you (?:show|forward|share|pass|send|tell) {_HERE} (?:on )?(?:to|with) {_PERSON}"
    r"|\bhow (?:private|confidential) is (?:this|what)\b|\bdoes (?:this|it) stay (?:private|confidential|"
    r"between us)\b"
)
_TALK = (
    rf"(?:(?:this|these|that|my|our|the) (?:chats?|conversations?|messages?|words|transcripts?)(?! (?:in|from|"
    rf"of|on|under))"
    rf"|what (?:i|we)(?:'ve| have| just| am| was)? (?:{_WRITTEN}|typing|writing|telling)(?: you| here)?)"
)
_KEEPS = (
    r"(?:keep|kept|stor(?:e|es|ed)|sav(?:e|es|ed)|delet(?:e|es|ed)|record(?:s|ed)?|archived?|retain(?:ed)?|erased?)"
)
_ASKS_ABOUT_KEEPING = r"\b(?:how long|when|where|do you|will you|is|are|will|does|what)\b"
_HOW_LONG_KEPT = re.compile(
    rf"{_ASKS_ABOUT_KEEPING}[^.?!\n]{{0,25}}\b{_KEEPS}\b[^.?!\n]{{0,20}}\b{_TALK}\b"
    rf"|{_ASKS_ABOUT_KEEPING}[^.?!\n]{{0,15}}\b{_TALK}[^.?!\n]{{0,20}}\b{_KEEPS}\b"
    rf"|\bwhat (?:happens (?:to|with)|do you do with|becomes of) {_TALK}\b"
    rf"|\bwho (?:has|gets|have|can get|will get)(?: access to| hold of)? {_TALK}"
)
_FILLERS = word_set(
    "a about above all already also am and any anything are as ask asking be because been before being but by "
    "can could "
    "did do does don't earlier ever everything for from guys have hello help here hey hi how i i'd i'll i'm if "
    "in is it "
    "just know let like make me mentioned message messages might more must my need no not now of off ok okay on "
    "one only "
    "or our out part person please possible possibly promise really right said say see sent she should so some "
    "something "
    "still stays sure tell thank thanks that the them then there these they this those to told too under until "
    "us want "
    "was way we well were what when where which will with without wondering word words would write wrote yes "
    "you your "
    "yourself quillbook access afterwards anywhere chat chats conversation conversations copy deleted gets keep kept "
    "long private reads record sees stored has have"
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_FEWEST_WORDS_OF_A_CONFESSION = 2


def asks_for_confidence(text: str) -> bool:
    """Return whether a message asks that nobody but support reads it, or what was written before it."""
    folded = fold(text)
    return any(
        not _HOW_TO.search(folded, max(0, found.start() - 60), found.start()) for found in _WISH.finditer(folded)
    )


def asks_who_reads(text: str) -> bool:
    """Return whether a message asks who reads this conversation, or whether it is confidential."""
    return bool(_WHO_READS.search(fold(text))) or asks_how_long_kept(text)


def asks_how_long_kept(text: str) -> bool:
    """Return whether a message asks for how long, or whether at all, this conversation is kept."""
    return bool(_HOW_LONG_KEPT.search(fold(text)))


def says_more_than_a_wish(text: str) -> bool:
    """Return whether a message says something of its own besides its wish for confidence, or its question about it."""
    left = _HOW_LONG_KEPT.sub(" ", _WHO_READS.sub(" ", _WISH.sub(" ", fold(text))))
    said = [word for word in _WORD.findall(left) if word not in _FILLERS]
    return len(said) >= _FEWEST_WORDS_OF_A_CONFESSION
