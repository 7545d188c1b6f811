"""A wish for confidence is read at any point and in any wording; a complaint about what somebody cannot see is none."""

from pathlib import Path

import pytest

from bot.triage.privacy.confidence_words import (
    asks_for_confidence,
    asks_how_long_kept,
    asks_who_reads,
    says_more_than_a_wish,
)

_LINES = [
    line
    for name in ("confiding_sentences.txt", "confiding_abroad.txt")
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
]
SENTENCES = [tuple(part.strip() for part in line.split("|", 1)) for line in _LINES if not line.startswith("#")]
ALONE = """\
this stays between us
can this stay between us?
please keep that to yourself
keep this confidential please
is it possible to keep this from my manager?
can you hide this from my team?
could you keep what I said from the rest of the office?
please don't show what I wrote there to my colleagues
do not forward this to my boss
pls dont tell my boss
never mention this to anyone here
don't share that with the accountant
can you make sure she doesn't find out?
can you make sure nobody else sees this
my boss must not hear of it
my supervisor mustn't know
nobody else may read this
no one in the office should see this
I don't want my boss to know
i'd rather my manager didn't know about it
I hope my manager never finds out
only for the technician please
this is strictly confidential
could what i told you stay private?
treat this as confidential
not a word to my boss
don't let my colleagues see it
off the record, ok?
mein Chef darf das nicht wissen
c'est confidentiel
que mi jefe no debe saber, por favor
das bleibt unter uns
can I say something in private?
I'd like to tell you something but my boss should not read it
only your eyes please
that must stay with us two
can I say it without my coworkers reading it?
""".splitlines()
WITH_FACTS = """\
I deleted last year's invoices by accident and my boss must not know
between you and me: I reopened a filed month without asking
nobody at our firm may see this please: i changed my own salary line by mistake
keep this between us, I gave my password to the new temp
in confidence, the backup has not run since March because I forgot the disk
I overwrote the company file. Please don't tell my manager
we used one licence on six computers, that must stay between us
i restored the wrong backup, my colleagues should not find out
only support staff: we lost the licence key
without my boss knowing, can you undo the year end that I closed too early?
my supervisor shouldn't hear about it but I typed the wrong VAT rate for all of May
I tell you this in trust: I raised the next number without asking the chief
this is for you only: I gave the temp my login
please nobody other: I have overwritten the list of customers
please handle this with discretion, I mixed up two accounts
""".splitlines()
NO_WISH = """\
our manager returns at 3 and the menu is empty
my boss can't see the profit report
my manager cannot see it in the list of users
nobody can see the shared folder
no one can read the exported file
how do I hide this from my users?
how can I keep this from happening again
how do I make sure my colleagues don't see the salaries
the confidential report prints nothing
the private folder is empty
my colleague can't find out why it crashes
my boss does not know how to print
Quillbook does not send the invoice to my customers
the program doesn't tell anyone that the import failed
the network between us and the branch office is slow
only the technician can install the update
only two users can log in
support told me to reinstall
my manager must see the report by noon
users should not see the payroll report but they do
we do not share the file with anyone yet, how do we start?
keep it from crashing please
my boss wants to know when it works again
is the printer in private use?
nobody else has this problem
no one else, it is only me who can't print
""".splitlines()
WHO_READS = """\
who can read what i write here?
who reads this?
who else can see my messages
is this chat confidential?
is this confidential?
are my messages private?
is what I write here private?
can my boss see this?
will my colleagues be able to read this chat?
does anyone else see what I write
do you show this to my employer?
can others read along?
who all gets to read what I put in here?
who exactly reads what I type here
does my boss get to see this?
will anybody at my firm read that here
may my employer read this conversation
are my colleagues able to see what i type?
""".splitlines()
NOBODY_ASKED_WHO_READS = """\
who can see the invoices of other users?
who gets to see the profit
may somebody at my firm read the balance sheet?
can my colleague see the shared company file?
who can read the exported backup?
is this report correct?
is this the private key?
does anyone else have this error?
who is my technician?
""".splitlines()


@pytest.mark.parametrize("text", [*ALONE, *WITH_FACTS])
def test_a_wish_for_confidence_is_read(text: str) -> None:
    assert asks_for_confidence(text)


@pytest.mark.parametrize("text", NO_WISH)
def test_a_complaint_or_a_how_to_is_no_wish(text: str) -> None:
    assert not asks_for_confidence(text)


@pytest.mark.parametrize("text", [line for line in ALONE if "Chef" not in line and "jefe" not in line])
def test_a_wish_alone_says_nothing_besides(text: str) -> None:
    assert not says_more_than_a_wish(text)


@pytest.mark.parametrize("text", WITH_FACTS)
def test_a_wish_with_a_fact_says_more(text: str) -> None:
    assert says_more_than_a_wish(text)


@pytest.mark.parametrize("text", WHO_READS)
def test_a_question_about_who_reads_is_read(text: str) -> None:
    assert asks_who_reads(text)
    assert not asks_for_confidence(text) or "confidential" in text


@pytest.mark.parametrize("text", [*NOBODY_ASKED_WHO_READS, *WITH_FACTS, *NO_WISH])
def test_other_questions_are_not_about_who_reads(text: str) -> None:
    assert not asks_who_reads(text)


AT_ANY_POINT = """\
for the technician's eyes only: I deleted the wrong year
for your eyes only please, we never paid for the second licence
not for the team channel please: I reset the wrong password
please don't let my boss know, I closed the month too early
Between you and me, I had no backup
The import is wrong. Between you and me, I picked the wrong file
this is not for the channel: i gave out my password
please not in the group: i typed the wrong rate
not for my colleagues: i overwrote the file
don't post this in the channel, i forgot the backup
please keep my boss out of this, I changed the rates
my boss doesn't need to know this, i deleted it
my colleagues don't have to see that I deleted the layout
nothing of this to my manager please
no word to my boss, I deleted the file
don't put this where my team can see it
eyes only: i lost the key
technician's eyes only
only the technician should see this: i used my colleague's login
please leave my manager out of it
don't mention my name to the team, i made the mistake
i'd like this to stay off the team channel
please do not tell anybody in the office, I wiped the folder
keep it out of the channel, i deleted the backup
can we keep my manager out of this?
confidential: i shared the password
private please: i used the wrong company
Privately: I skipped the update
only for your technician's ears, i lost the stick
this must not get back to my boss: i sent the wrong payroll
promise not to tell my boss
just for support: I changed the tax rate
strictly for the technician: we copied the licence
don't let this get around, i deleted the quotes
nobody at work knows i did this, please keep it that way
""".splitlines()
ABOUT_THE_WORK = """\
for the technician: the server is in the basement
the team channel does not show the message
my boss doesn't know how to print
don't show the prices on the invoice to customers
how do I keep my manager out of the payroll?
private customers cannot be selected
Confidential report prints blank
not for everyone: the report prints for two users only
the confidential watermark is missing
not for my computer, for the server
this is not for me, it is for my colleague Tom
the technician said he could see it
only the administrator should see the salaries, but all users do
i don't want my users to see the totals
between you and me there is a firewall
please tell my boss when it's fixed
the ledger is for my eyes only in the settings but others see it
my colleagues don't need to log in again
""".splitlines()
ABOUT_THE_CONVERSATION = """\
how long do you keep this conversation, and who sees it
how long do you keep this conversation?
how long is this chat stored
who sees this conversation and how long is it kept
is this chat saved anywhere?
do you store what I write?
when is this conversation deleted?
do you delete this chat afterwards?
what happens to my messages afterwards?
what do you do with what i write here?
where is this chat stored and who has access?
who reads what i type
who has access to this conversation
how long are my messages kept
do you keep a copy of this chat?
is what i tell you kept?
is this conversation recorded?
for how long do you save these chats
who else gets to see this?
can anybody else read this chat
what about privacy, who gets my messages
""".splitlines()
ABOUT_THE_PRODUCT = """\
how long do you keep the warranty
how long are backups kept
who sees the invoice
how long must I keep invoices
who can see this report
where is the company file stored
when is an invoice deleted
do you keep my place in the queue
how long does the program keep deleted entries?
what happens to my data when I uninstall
how long is the licence valid
is this field saved?
what happens to the messages in the outbox
can anybody else read this report
""".splitlines()


@pytest.mark.parametrize("text", AT_ANY_POINT)
def test_a_wish_beside_a_confession_is_read(text: str) -> None:
    assert asks_for_confidence(text)


@pytest.mark.parametrize("text", ABOUT_THE_WORK)
def test_words_about_the_work_wish_for_no_confidence(text: str) -> None:
    assert not asks_for_confidence(text)


@pytest.mark.parametrize("text", ABOUT_THE_CONVERSATION)
def test_a_question_about_the_conversation_is_one_about_us(text: str) -> None:
    assert asks_who_reads(text) and not says_more_than_a_wish(text)


@pytest.mark.parametrize("text", ABOUT_THE_PRODUCT)
def test_a_question_about_the_product_is_none_about_the_conversation(text: str) -> None:
    assert not asks_who_reads(text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("how long do you keep this conversation, and who sees it", True),
        ("do you store what I write?", True),
        ("who reads what i type", False),
        ("is this confidential?", False),
    ],
)
def test_only_who_asks_for_how_long_hears_it(text: str, asked: bool) -> None:
    assert asks_how_long_kept(text) is asked


@pytest.mark.parametrize(
    "text",
    [
        "can you keep a secret? i switched the backup off in june",
        "dont tell karen pls, i pulled the stick out",
        "can i tell the technician something that nobody else sees?",
    ],
)
def test_a_secret_between_two_is_a_wish_for_confidence(text: str) -> None:
    assert asks_for_confidence(text)


@pytest.mark.parametrize("text", ["don't tell me to restart it again", "dont tell us to reinstall, we did"])
def test_an_order_to_us_is_none(text: str) -> None:
    assert not asks_for_confidence(text)


@pytest.mark.parametrize(("kind", "text"), SENTENCES)
def test_a_frame_reads_wordings_that_nobody_listed(kind: str, text: str) -> None:
    assert asks_for_confidence(text) == (kind == "wish")
    assert kind == "wish" or asks_who_reads(text) == (kind == "who")


@pytest.mark.parametrize(
    ("text", "says_more"),
    [
        ("I'd rather this not get back to my supervisor.", False),
        ("please, what I just wrote is only meant for the technician", False),
        ("I'd rather this not get back to my supervisor. I overwrote the backup.", True),
        ("Tell no one please, but I closed the year too early", True),
    ],
)
def test_a_confession_beside_a_wish_is_more_than_the_wish(text: str, says_more: bool) -> None:
    assert says_more_than_a_wish(text) == says_more


@pytest.mark.parametrize(
    "text",
    [
        "I found a security hole in your download page. Who do I report it to?",
        "whom should we tell about a leak",
        "who can I write it to",
    ],
)
def test_who_asks_where_to_report_asks_not_who_reads(text: str) -> None:
    assert not asks_who_reads(text)


@pytest.mark.parametrize(
    "text",
    [
        "I have to tell you in the utmost confidence that I deleted the ledger",
        "Reported in full confidence: our treasurer changes the figures",
    ],
)
def test_a_manner_of_telling_is_a_wish(text: str) -> None:
    assert asks_for_confidence(text)


@pytest.mark.parametrize(
    "text", ["we lost all confidence in the report", "the chart shows figures in confidence intervals"]
)
def test_confidence_in_figures_is_none(text: str) -> None:
    assert not asks_for_confidence(text)
