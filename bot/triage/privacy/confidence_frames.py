"""Read wishes for confidence, and questions about who reads, as frames of word classes.

Each word or phrase of a clause gets the letter of its class (``_CLASSES``), words that change nothing get none, and a
frame is a short pattern over these letters: who learns what from whom, denied or restricted. A wording that nobody
listed is read as soon as its words have a class.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

# Characters of a message; a frame spans a clause.
_LONGEST = 10_000
_SUPERIOR = (
    r"boss(?:es)?|managers?|management|supervisors?|directors?|employers?|owners?|superiors?|bosses|chiefs?|chef|ceo|"
    r"cfo|hr|(?:team |line |office )?(?:lead|leader|head)|head of \w+|principal|president|partners?|business partner|"
    r"(?:the )?boards?|higher[- ]ups?|upstairs"
)
_COLLEAGUE = (
    r"colleagues?|co-?workers?|workmates?|teammates?|team|departments?|firm|company|office|crew|others|other "
    r"(?:people|persons|customers|users|firms|companies)|"
    r"accountants?|bookkeepers?|auditors?|assistants?|secretar(?:y|ies)|husband|wife|spouse|brother|sister|father|"
    r"mother|"
    r"son|daughter|in-laws?|family|admins?|administrators?|it department|everybody else|everyone else|"
    r"(?:anyone|anybody|someone|somebody|everyone|everybody)(?= (?:else|other|besides|apart|except|but|at|in|from|"
    r"of|here)\b)"
    r"|rest of (?:the |my |our )?\w+|people (?:at|in|from|of) (?:my|our|the) \w+|people here|whole (?:team|office|"
    r"firm|company)"
)
_WRITING = (
    r"(?:say|said|saying|write|wrote|written|writing|type|typed|typing|tell|told|telling|send|sent|sending|put|post|"
    r"posted|posting|enter|entered|mention|mentioned|share|shared|explain|explained|confess|confessed)"
)
_I = r"(?:i|we|i've|we've|i'm|we're|i'll|i'd)"
_WHAT_I_WRITE = (
    rf"(?:what|anything|everything|whatever|all(?: that)?|things|stuff|the (?:things|stuff|words|part)) (?:that "
    rf")?{_I}"
    rf"(?: \w+){{0,2}}? {_WRITING}(?: (?:in|down|out|up|on|over))?(?:(?: to)? you(?: guys| all| people)?| here| "
    rf"there|"
    r" just now| earlier| before| above| now| next| in here| in this \w+)*"
)
_CONVERSATION = (
    r"(?:chats?|conversations?|messages?|threads?|transcripts?|discussion|dialogue|exchange|correspondence|texts?|"
    r"words|chat history|history|posts?)"
)
_CLASSES: tuple[tuple[str, str], ...] = (
    # C: this conversation, or a part of it; "error message" is none.
    ("C", rf"{_WHAT_I_WRITE}|(?:this|these|those|my|our|that|the|your|whole|entire|last|next|previous|earlier)"
          rf"(?: (?:last|next|previous|earlier|whole|entire|two|few|little|own|chat)){{0,3}}"
          rf" (?<!error ){_CONVERSATION}(?! (?:qb|box|says|appears|pops|is shown|when|field|template))|what follows|"
          r"the following|what comes next|(?:this|that|my) (?:story|confession|remark|note|part)"),
    ("h", r"(?:in )?here(?= *(?:[.?!,;:\n]|$|and\b|with\b|now\b|or\b))|read(?:s|ing)? along|listen(?:s|ing)?(?: "
          r"in)?(?= *[?.!]| *$)|"
          r"in this (?:window|box)"),
    ("m", r"(?:my|our) (?:own )?(?:names?|identit(?:y|ies))|who i am"),
    # Z secrecy, z the same only with a verb that keeps or treats, V only.
    ("Z", r"(?:top )?secret(?:ly)?|privately|private|privacy|confidential(?:ly|ity)?|(?:in |the )?(?:strict(?:est)? "
          r"|full |complete )?"
          r"confidence|discree?t(?:ly|e)?|discretion|hush[- ]hush|between (?:us|you and me|you and i|ourselves|the "
          r"two of "
          r"us|me and you|just us|just you and me|us two|only us)(?! and)|to your ?sel(?:f|ves)|under (?:wraps|your "
          r"hat|the (?:radar|table|rug))|"
          r"off (?:the )?(?:record|books|radar)|not (?:for|meant for) (?:general|public) consumption|eyes only|"
          r"undisclosed|anonymous(?:ly)?|in trust|on the quiet|"
          r"(?:within|between) (?:these )?(?:four )?walls|in the dark|(?:goes?|go|going) no (?:further|farther)|"
          r"internal use|"
          r"(?:strictly )?internal(?: only)?|(?:keep|stay) (?:mum|schtum)|on the down ?low|low profile"),
    ("z", r"quiet(?:ly)?|silent|sensitiv(?:e|ely)|delicate(?:ly)?|tactful(?:ly)?|hidden|with care|low key|low-key|"
          r"personal"),
    ("V", r"only|just|solely|strictly|exclusively|purely|alone|(?:nobody|no ?one|no body|none) (?:else )?(?:but|"
          r"except|besides|"
          r"apart from|other than)"),
    ("u", r"(?:not|no|nothing|not (?:one|a)(?: single)?)(?: word)?(?: (?:of|about) (?:this|that|it))?(?= to\b)"),
    # Denials: a must not, b cannot, d an order not to, n any other.
    ("a", r"(?:must|should|may|might|shall|ought|need|dare|had better|better|best)(?: not| never|n't)(?: to)?|"
          r"(?:(?:is|are|was|were)(?: not|n't)|not|never)(?: \w+)? (?:supposed|meant|allowed|intended) to|"
          r"(?:is|are)(?: not|n't) to|(?:does|do|did)(?: not|n't) (?:need|have) to|(?:has|have|needs?) (?:not|"
          r"never) to"),
    ("b", r"(?:can|could|will|would)(?: not| never)|cannot|can't|couldn't|won't|wouldn't"),
    ("d", r"(?:do|did)(?: not|n't)(?: (?:you|ever))?|never|not to|without|avoid|refrain from|(?:you|they) (?:won't|"
          r"will not|"
          r"don't|will never)|nor|not(?= (?:tell|share|show|mention|pass|forward|disclose|reveal|post|put|let|"
          r"want)\b)"),
    ("n", r"not|doesn't|didn't|isn't|aren't|wasn't|weren't|hasn't|haven't|hadn't|no longer|hardly"),
    ("j", r"must|should|may|might|shall|needs? to|has to|have to|ought to|gets? to|is to|are to|"
          r"(?:is|are|be) (?:allowed|able|going|supposed|meant) to"),
    ("i", r"can|could|will|would|do|does"),
    ("O", r"nobody|no ?one|no body|noone|not a soul|none|not anyone|not anybody|no other (?:person|people|soul)"),
    ("A", rf"(?:{_SUPERIOR}|{_COLLEAGUE})(?:'s)?"),
    ("U", r"anyone|anybody|any ?one|someone|somebody|people|users?|customers?|clients?|employees?|staff|everyone|"
          r"everybody|whoever|outsiders?|strangers?"),
    ("P", r"he|she|they|him|her|them"),
    ("S", r"(?:support|help ?desk|technical|tech|your|service)? ?(?:technicians?|engineers?|support(?: (?:staff|"
          r"team|people|"
          r"guys|persons?|agents?|crew|folks))?|help ?desk|techs?|experts?|specialists?)(?:'s)?"),
    ("Y", r"you (?:guys|people|folks|all|lot|alone|two)|you|u|yourselves|yourself|us(?: two)?"),
    ("E", r"(?:away |hidden |secret |safe |apart )?from|out of|off|away"),
    # Verbs: K learns, R reads, G gets about, T tells, H keeps or marks, L lets or makes sure, W wishes, e is.
    ("K", r"know(?:s|ing)?|knew|(?:find|finds|finding|found)(?: (?:it|this|that))? out|hear(?:s|ing|d)?|learn(?:s|"
          r"ed|t|ing)?|"
          r"aware|notic(?:e|es|ed|ing)|(?:get|gets|got|getting)? ?wind|discover(?:s|ed)?|(?:be |get |gets |being )?"
          r"(?:informed|notified|alerted|told)|catch(?:es)? on|suspects?|realis(?:e|es)|realiz(?:e|es)"),
    ("R", r"see(?:s|ing|n)?|saw|read(?:s|ing)?|view(?:s|ed|ing)?|(?:look|looks|looking|peek|peeks)(?: (?:at|over|"
          r"into|in|through))?|"
          r"access(?:es|ed)?|visible|open(?:s|ed)?(?: up)?|monitor(?:s|ed|ing)?|watch(?:es|ed|ing)?|follow(?:s|"
          r"ing)?(?: along)?|receiv(?:e|es)|(?:come|comes|stumble|stumbles) (?:across|upon|on|over)|look(?:s)?"),
    ("g", r"hate|dread|would mind|terrified|scared"),
    ("Q", r"on (?:the )?(?:record|file)|in (?:the )?(?:records|minutes)"),
    ("N", rf"nothing (?:that )?{_I}(?: \w+)? {_WRITING}(?: now| here| below| you)*"),
    ("r", r"record(?:ed|ing)?|logg(?:ed|ing)|sav(?:ed|ing)|stor(?:ed|ing)"),
    ("s", r"sight|copy|copies|transcripts?|insight|hold|eyes|ears|record of|log of"),
    ("G", r"(?:get|gets|getting|got|go|goes|going|come|comes|coming|spread|spreads|leak|leaks|find its way|make its "
          r"way|"
          r"travel|travels|trickle)(?: (?:around|round|about|out|back|beyond|through|any further|further|over|up|"
          r"anywhere))+|"
          r"leak(?:s|ed)?|spread(?:s)?|reach(?:es)?|show(?:s|ing)? up|end(?:s)? up|comes? to light|pop(?:s|ping)? up|"
          r"land(?:s)? (?:on|with)"),
    ("l", r"tell(?:s|ing)?|inform(?:ing)?|notify(?:ing)?"),
    ("k", r"put(?:ting)?|log(?:ging)?|include|use|give|send(?:ing)?"),
    ("T", r"mention(?:s|ed|ing)?|shar(?:e|es|ed|ing)|show(?:s|n|ing)?|pass(?:es|ed|ing)?(?: \w+){0,3}? (?:on|along)|"
          r"pass(?:ed)?|forward(?:s|ed|ing)?|disclos(?:e|ed|ing)|reveal(?:s|ed|ing)?|divulg(?:e|ed)|repeat(?:ed|"
          r"ing)?|"
          r"publish(?:ed)?|post(?:ed|ing)?|cc|report(?= (?:this|it|that|me|back)\b)|"
          r"discuss(?:ed|ing)?|talk(?:ing)? about|bring (?:it|this|that) up|"
          r"breathe a word(?: of)?|say(?:ing)? (?:anything|a word)|copy in|hand(?:ed)? (?:over|on)|rat(?: me)? out"),
    ("L", r"let(?:ting|s)?|make (?:absolutely |very )?(?:sure|certain)(?: that)?|ensure|guarantee|promise(?: "
          r"me)?(?: that)?|see to it|take care|"
          r"swear|assure me"),
    ("H", r"keep(?:s|ing)?|kept|leav(?:e|es|ing)|left|hold|holding|stay(?:s|ed|ing)?|remain(?:s|ed|ing)?|treat(?:s|"
          r"ed|ing)?|"
          r"handl(?:e|ed|ing)|mark(?:ed|ing)?|flag(?:ged|ging)?|consider(?:ed)?|mak(?:e|es|ing)|made|deal(?:t)? with|"
          r"regard(?:ed)?|hid(?:e|ing|den)|withhold|set|classify|store|take(?:n)?"),
    ("W", r"want(?:s|ed|ing)?|wish|like|love|prefer|rather|hope|hoping|need|appreciate|grateful|glad|comfortable|"
          r"happy|happier|better|good|best|important|keen|plan|planning|intend|supposed|meant|anxious|afraid|"
          r"worried"),
    ("e", r"is|are|was|were|be|been|being|'s|am|becomes?"),
    ("f", r"if|when|before|in case|should(?= (?:my|our|the|he|she|they)\b)|once|unless"),
    ("B", r"kill(?:s|ed)?|fir(?:e|es|ed)|sack(?:ed)?|trouble|job|dead|toast|lose|furious|mad|angry|bad|terrible|"
          r"awful|"
          r"embarrass\w*|asham\w*|disaster|consequences|skin|head|neck|hell|upset|screwed|doomed|flip"),
    ("w", r"that way|like that"),
    ("o", r"who(?:'s|ever|m)?|whose|which (?:people|persons?|of your)|what (?:people|kind of people)"),
    ("q", r"how|why|where|which|whether|what"),
    ("y", r"freely|openly|candidly|frankly|safe|safely|in peace"),
    ("v", r"write|say|type|speak|talk|discuss|writing|saying|typing|speaking|talking"),
    ("D", r"this|that|it|these|those|matter|such"),
    ("I", r"i|we|me|i'm|i've|i'd|i'll|we're|we've|we'd"),
    ("c", r"channel|group(?: chat)?|team chat"),
    ("t", r"about|of"),
    ("p", r"besides|except|apart|other than|at|in|on|to|for|with|by|into|as|because|since|and|but|so|or|until|till|"
          r"then|while|though|once|after|now|yet|"
          r"anyway|already|later|today|tomorrow|instead|again|thanks|thank|ok|okay|right|with|anywhere|somewhere|"
          r"like|than"),
    ("", r"please|pls|plz|ever|also|really|even|actually|still|the|a|an|my|our|your|his|their|its|any|some|all|"
         r"absolutely|certainly|very|bit|little|kind|sort|kindly|possibly|maybe|perhaps|well|oh|um|hey|hi|"
         r"hello|psst|information|info|matters?|stuff|subject|topic|issue|thing|things|one|else|other|get|gets|able|"
         r"going|"
         r"anything|something|possible|there|way|that's|word|secretly|totally|completely|entirely|at work|at all|so "
         r"that|"
         r"ask you to|mind|having|have|has|had|whatever you do"),
    ("x", r"[^\W_]+(?:'[^\W_]+)*"),
    ("|", r"[.!?;:\n()]+(?!\w)|[.!?;:\n()]|\s-{1,2}\s|\.\.+"),
    (",", r","),
)  # fmt: skip
_LEXER = re.compile(
    "|".join(
        rf"(?P<g{at}>(?<![\w'])(?:{words})(?!\w))" if name not in ("|", ",") else rf"(?P<g{at}>{words})"
        for at, (name, words) in enumerate(_CLASSES)
    )
)
_LETTER = {f"g{at}": name for at, (name, _) in enumerate(_CLASSES)}

_END = r"(?=$|[|,pfBVIY]|[DC](?:$|[|,ptfVIYeqEAoHj])|t[DCqOPI]|tx|h|c)"
_READ_END = r"(?=$|[|,]|[DC](?:$|[|,ptfVIYeqoHj])|h|p?c)"
_AT = r"(?:[pt]+[AxcUDI]{1,2}|x)?"
_SOMEBODY = rf"[APU]+{_AT}"
_WISH_FRAMES = (
    # My boss must not hear of it; my boss cannot find out; nobody should see this.
    rf"[AP]+{_AT}a[eji]*(?:K{_END}|R{_READ_END}|T[DC])",
    rf"U{_AT}a[eji]*(?:K[|,$tD]|R{_READ_END})",
    rf"[AP]+{_AT}b[eji]*K{_END}",
    rf"O(?:[ptV]+[AxSYcDUI]+)?(?:j[ei]*(?:K{_END}|R{_READ_END})|[ip]+K[|,tD])",
    # I don't want my boss to know; I'd rather she didn't see it; make sure he never hears.
    rf"[dnb](?:[xi]*)W[Dpft]*{_SOMEBODY}[pijet]*(?:K{_END}|R{_READ_END})",
    rf"[dnb]L{_SOMEBODY}[pijet]*(?:K{_END}|R{_READ_END})",
    rf"[WL][Dpft]*{_SOMEBODY}(?:[nadbi]+)[pijet]*(?:K{_END}|R{_READ_END})",
    rf"[WL][Dpft]*O{_AT}[pijet]*(?:K{_END}|R{_READ_END})",
    # Without anyone noticing; without it showing up for my boss.
    rf"d{_SOMEBODY}[pijet]*(?:K{_END}|R{_READ_END})",
    r"[dnab][LW]?[DC]G[pt]*[APUc]",
    r"g[p]*[APU]+[pijet]*(?:K|R)",
    r"Nj*(?:G|R|K)",
    r"[dnb][HWLTk]*[DCm]?Q",
    r"L[^|]{0,3}A[^|]{0,2}[nab][^|]{0,3}t[DC]",
    r"Y[ab]T[DC]?[^|,]{0,2}[APUO]",
    # This must not get out.
    r"[DC][abd]+[ij]*G|W[DC]nG",
    r"[dnb]L[DC]G",
    # Don't tell my boss; tell no one; don't mention this to Karen; do not disclose.
    r"(?<!I)(?<!I[xp])d[ijL]*(?:[Tlk][DCm](?:[|,pte]|$)[pt]*|[Tlk][pt]*)(?:[APUc]|(?<=[DC]p)x(?:[|,]|$)|(?<=l)x[|,])",
    r"(?:^|[|,pYiIW])[Tlk][DC]?[pt]*O",
    r"(?<!I)d[ij]*[Tlk]m",
    r"(?<!I)d[ij]*[Tk][DC]?[pt]*x{0,2}R?[APU]+iR",
    r"u[tD]*p[AU]",
    r"(?<!I)d[ij]*[Tkv][^|]{0,3}q[APU]+[ij]*R",
    r"[lTv][YS]?[DpC]*O[RK](?:[|,]|$)",
    r"(?:^|[|,pY])d[ij]*T(?:\||$)",
    r"(?:^|[|,]|[DC]e)n[pt]+(?:A+c?[|,]|A*c(?:[|,]|$))",
    r"L[^|,]{0,2}up[Tl][APU]",
    # Keep this quiet; treat what follows as private; this has to remain a secret; this is confidential.
    r"H(?:[DCm]|[DC][DCe])[VpEejxY]{0,3}[Zz](?!x)",
    r"(?<!e)[DC][ijpexV]{0,3}H[pteV]*[Zz](?!x)",
    r"[DC][ije]*eV?[pt]*(?:Z|z(?=[|,p]|$))(?!x)",
    r"(?:^|[|,]|(?<!e)[DC])V?p?Zp?(?:[|,]|$)|^Zp|Iv[Yp]*pZ",
    r"[WL][DCpft]*H?[pet]*Z(?:[|,p]|$)",
    r"(?<!e[DC])HZ[pt]*(?:[DC]|[|,]|$)",
    # Only for the technician; visible to support only; only support may see this.
    rf"V[Wpt]*S(?:[|,]|$|[pt]*[ij]*(?:R{_READ_END}|K{_END}))|VlS",
    r"(?:[DCZ]|[|,]|^)[eijWHxp]*[pt]?(?:p|R)SV(?:[|,]|$)",
    r"(?:[DCe]|[|,]|^|I)[eW]*V[pt]+Y(?:[|,]|$)",
    r"[DCe]W?V?[pt]+SV?(?:[|,]|$)(?<=[VW]pS)|[DC]eVW?[pt]+S",
    r"(?:^|[|,DCe])[Vpe]*S[sZ](?:[|,V]|$)|(?:^|[|,]|e)V?p?sV?(?:[|,]|$)|A[ije]*HZ|YpZ(?:[|,p]|$)|pYV(?:[|,]|$)|"
    r"[DC]j?HpY(?:[|,]|$)",
    # Keep my name out of it; keep it from the others; leave my boss out of this.
    r"H[DCmPAx]?(?<=[DCmPA])[Vp]*E[pt]*[APUcDC]",
    r"HE[pt]*A*c",
    # Nobody here knows, and I'd like it to stay that way.
    r"[OAU][^|]{0,8}[KRTl][^|]{0,12}(?:[|,][^|]{0,8})?H[^|,]{0,4}w",
)  # fmt: skip
_RISK = re.compile(rf"f[DC]?G|f[AP]+{_AT}[ijn]*(?:K{_END}|R{_READ_END})")
_NOT_TOLD_AND_WONT = re.compile(r"In[TKl][AU][^|]{0,10}[|,]p?I[dnb]W")
_WISH = re.compile("|".join(f"(?:{one})" for one in _WISH_FRAMES))

_TALK = r"(?:C|h|D(?=$|[|,]|[pt](?:$|[|,h])|[pt]?h))"
_ANYBODY = r"[AUO]+"
_ASKING = r"(?:^|[|,]p?)[xvpY]{0,3}[iejb]"
_WHO_FRAMES = (
    rf"o[^|]{{0,7}}[RsKTr][^|]{{0,4}}{_TALK}|oh",
    rf"{_ASKING}[xYVOnb]{{0,2}}A[^|]{{0,6}}[RsK][^|]{{0,4}}{_TALK}",
    rf"{_ASKING}[xYVOnb]{{0,2}}U[^|]{{0,6}}[RsK][^|]{{0,4}}[Ch]",
    rf"{_ASKING}[AU][^|]{{0,4}}h",
    rf"(?:{_ASKING}|q[ixe]?)C[^|]{{0,4}}(?:[RrZGTl]|x?H)(?![DC])",
    rf"{_ASKING}D[ijexp]*[GRTlkH][^|E]{{0,4}}{_ANYBODY}",
    rf"{_ASKING}[DC](?:[eijxV]*|(?<=e[DC])H)Z(?!x)",
    r"qZe[DC]|eYr[DC]|i[DC]Hh",
    rf"iY[Tlk][DC]?[pt]*{_ANYBODY}|iY[Tlk][DCs][^|]{{0,3}}pA|q(?:x|iYi)pC(?:$|[|h])",
    rf"{_ASKING}(?:{_ANYBODY}[pt]+C|[AO]+[pt]+D(?:[|]|$))|{_ASKING}S[^|]{{0,3}}RC|"
    rf"{_ASKING}I?[^|]{{0,4}}O[^|]{{0,3}}[RK]{_TALK}",
    r"[ij]Iv[^|]{0,2}y|eDyp?[vTl]",
)
_WHO = re.compile("|".join(f"(?:{one})" for one in _WHO_FRAMES))


def wishes_in(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where the clauses stand that ask for confidence in a text whose contractions are written out."""
    letters, spans = _lexed(plain[:_LONGEST])
    for frame in (_WISH, _NOT_TOLD_AND_WONT):
        yield from _places(frame, letters, spans)
    for found in _RISK.finditer(letters):
        first = letters.rfind("|", 0, found.start()) + 1
        last = letters.find("|", found.end())
        if "B" in letters[first : last if last >= 0 else None]:
            yield spans[found.start()][0], spans[found.end() - 1][1]


def readers_asked_in(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where the clauses stand that ask who reads this conversation, or whether it is passed on."""
    yield from _places(_WHO, *_lexed(plain[:_LONGEST]))


def _places(frame: re.Pattern[str], letters: str, spans: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    for found in frame.finditer(letters):
        if found.end() > found.start():
            yield spans[found.start()][0], spans[found.end() - 1][1]


@lru_cache(maxsize=64)
def _lexed(plain: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the letters of the words' classes, and where each word stands."""
    letters, spans = [], []
    for found in _LEXER.finditer(plain):
        letter = _LETTER[found.lastgroup or ""]
        if letter:
            letters.append(letter)
            spans.append(found.span())
    return "".join(letters), tuple(spans)
