"""Every table of the product, as SQLAlchemy classes.

Who writes what: conversations' ``owner`` and ``epoch`` only through ``services.ownership``; ``messages.seq`` only
through ``services.conversation.transcript``; the draft's answers only through ``services.draft``.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bot.store.columns import Json, UtcDateTime
from bot.triage.billing.contract_number import number_key

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
BigId = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        int: BigId,
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
    }


def _id() -> Mapped[int]:
    return mapped_column(BigId, primary_key=True, autoincrement=True)


def _key_of_number(inserted: Any) -> str:
    # https://docs.sqlalchemy.org/en/20/core/defaults.html#context-sensitive-default-functions
    return number_key(inserted.get_current_parameters()["number"])


class Contract(Base):
    """A support contract of a company: who has one pays nothing in office hours.

    ``number_key``: the number in the normal form by which it is looked up; set from ``number``. ``products``: the ids
    of those of several products that it covers; none for all.
    """

    __tablename__ = "contracts"
    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    number_key: Mapped[str] = mapped_column(Text, index=True, unique=True, default=_key_of_number, server_default="")
    company: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default="active")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    contact_email: Mapped[str | None] = mapped_column(String(320))
    email_domains: Mapped[list[str]] = mapped_column(default=list)
    products: Mapped[list[str] | None] = mapped_column(Json)
    places: Mapped[list["ContractPlace"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def slack_team_id(self) -> str | None:
        """Return its Slack workspaces and organisations, with spaces between."""
        return self._places_in("slack")

    @slack_team_id.setter
    def slack_team_id(self, written: str | None) -> None:
        self._put_places("slack", written)

    @property
    def teams_tenant_id(self) -> str | None:
        """Return its tenants of Teams, with spaces between."""
        return self._places_in("teams")

    @teams_tenant_id.setter
    def teams_tenant_id(self, written: str | None) -> None:
        self._put_places("teams", written)

    def _places_in(self, channel: str) -> str | None:
        return " ".join(sorted(one.place for one in self.places if one.channel == channel)) or None

    def _put_places(self, channel: str, written: str | None) -> None:
        wanted = dict.fromkeys((written or "").split())
        kept = [one for one in self.places if one.channel != channel or one.place in wanted]
        known = {one.place for one in kept if one.channel == channel}
        self.places = [*kept, *(ContractPlace(channel=channel, place=one) for one in wanted if one not in known)]


class ContractPlace(Base):
    """A workspace or an organisation of Slack, or a tenant of Teams, whose people have the contract."""

    __tablename__ = "contract_places"
    contract_number: Mapped[str] = mapped_column(ForeignKey("contracts.number"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)


class UnknownCompany(Base):
    """A workspace or a tenant that no contract names, and from which somebody has written to us."""

    __tablename__ = "unknown_companies"
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    messages: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class Customer(Base):
    """Someone who writes to us. ``subject`` is the host site's own id for them, when it proved one.

    ``contract_claimed``: says that there is a support contract; nobody has checked it yet.
    """

    __tablename__ = "customers"
    id: Mapped[int] = _id()
    subject: Mapped[str | None] = mapped_column(String(200), unique=True)
    name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(40))
    contract_number: Mapped[str | None] = mapped_column(ForeignKey("contracts.number"))
    contract_proof: Mapped[str | None] = mapped_column(String(40))
    contract_claimed: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Conversation(Base):
    """One thread between a customer and us; owned by exactly one party at a time.

    ``epoch`` counts changes of owner; ``last_seq`` and ``revisions`` tell a reader at a glance whether messages came or
    were changed; ``pending_question`` names what a plain yes or no answers, ``reference_misses`` counts references
    that led nowhere; ``lease_until`` and ``fence`` keep its turns in order across processes. ``promised_until``: the
    technician said "I will reply by then", and the silence rule waits for it; ``hours_told_at``: when closing or
    opening was last told. ``language``: the code of the one that the customer writes, None for English. ``product``:
    the id of the one of several products that it is about, None while nobody has said; ``product_asked``: the customer
    was asked.
    """

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_created_at", "created_at"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20), default="web")
    owner: Mapped[str] = mapped_column(String(20), default="assistant")
    epoch: Mapped[int] = mapped_column(default=1)
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id", use_alter=True))
    last_seq: Mapped[int] = mapped_column(default=0)
    revisions: Mapped[int] = mapped_column(default=0, server_default="0")
    pending_question: Mapped[str | None] = mapped_column(String(40))
    reference_misses: Mapped[int] = mapped_column(default=0, server_default="0")
    mood: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(20))
    promised_until: Mapped[datetime | None]
    hours_told_at: Mapped[datetime | None]
    locale: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(8))
    product: Mapped[str | None] = mapped_column(String(40))
    product_asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    time_zone: Mapped[str | None] = mapped_column(String(64))
    page_url: Mapped[str | None] = mapped_column(String(2000))
    customer_read_seq: Mapped[int] = mapped_column(default=0)
    customer_seen_at: Mapped[datetime | None]
    proof_asked_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class ConversationToken(Base):
    """A bearer token of the customer API, stored only as its SHA-256."""

    __tablename__ = "conversation_tokens"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    expires_at: Mapped[datetime]


class IdentityTokenUse(Base):
    """An identity token that was used once; its ``jti`` may not be used again."""

    __tablename__ = "identity_token_uses"
    jti: Mapped[str] = mapped_column(String(200), primary_key=True)
    expires_at: Mapped[datetime]


class ContinuationLink(Base):
    """A link in a mail that lets another device into the conversation, once. Only its SHA-256 is stored."""

    __tablename__ = "continuation_links"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Payment(Base):
    """Time that a customer pays ahead for an issue. Never a card number: ``authorisation`` is the acquirer's.

    ``provider``: phone or stripe. ``state``: pending, paid, refused (paid with a card we do not take: to be paid
    back), expired, refunded. Amounts are in hundredths of ``currency``. An authorisation counts once, until it is
    refunded.
    """

    __tablename__ = "payments"
    __table_args__ = (
        Index(
            "uq_payments_provider_authorisation",
            "provider",
            "authorisation",
            unique=True,
            sqlite_where=text("authorisation IS NOT NULL AND state <> 'refunded'"),
            postgresql_where=text("authorisation IS NOT NULL AND state <> 'refunded'"),
        ),
    )
    id: Mapped[int] = _id()
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    provider: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="pending", index=True)
    minutes: Mapped[int]
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    brand: Mapped[str | None] = mapped_column(String(40))
    authorisation: Mapped[str | None] = mapped_column(String(120))
    checkout_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    refund_reference: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    refunded_at: Mapped[datetime | None]


class WorkMinutes(Base):
    """Minutes a technician worked on an issue; time paid ahead is drawn down by them. ``kind``: call or work."""

    __tablename__ = "work_minutes"
    id: Mapped[int] = _id()
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    minutes: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class OneTimeCode(Base):
    """A code that was mailed to prove something, or that would have been: there is a row also without an address.

    ``purpose``: contract (its address on file), domain (the customer's own address at a domain of the contract),
    caller (an address we know, for somebody on the telephone), owner (the address of an issue whose reference is lost).
    Of the code only a keyed hash is kept.
    """

    __tablename__ = "one_time_codes"
    __table_args__ = (Index("ix_one_time_codes_subject_created_at", "subject", "created_at"),)
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(64))
    contract_number: Mapped[str | None] = mapped_column(ForeignKey("contracts.number"))
    email: Mapped[str | None] = mapped_column(String(320))
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Message(Base):
    """A message of the transcript. ``choices`` keep the payload that only the gateway may know.

    ``private``: in a thread that others can read it goes only to the customer it concerns. ``channel_user_id``:
    who of several people in a Slack or Teams thread wrote it.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_message_id"),
        Index("ix_messages_author_conversation_id_created_at", "author", "conversation_id", "created_at"),
    )
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str] = mapped_column(String(200))
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    cards: Mapped[list[Any]] = mapped_column(default=list)
    chosen: Mapped[dict[str, Any] | None]
    client_message_id: Mapped[str | None] = mapped_column(String(200))
    body_hash: Mapped[str | None] = mapped_column(String(64))
    seen_seq: Mapped[int | None]
    epoch: Mapped[int]
    reference: Mapped[str | None] = mapped_column(String(20))
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    channel_user_id: Mapped[int | None] = mapped_column(ForeignKey("channel_users.id"))
    created_at: Mapped[datetime]


class Attachment(Base):
    """A file of a conversation; the bytes lie under TECHREF_HOME/attachments, named by ``stored_as``."""

    __tablename__ = "attachments"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class ChannelUser(Base):
    """Somebody as Slack or Teams knows them, or by mail. ``workspace`` is their own company's, never the host's of a
    channel; of mail the domain that vouches for them, or a name of the one conversation that they are known in.

    ``name`` stays empty until the channel has told it.
    """

    __tablename__ = "channel_users"
    __table_args__ = (UniqueConstraint("channel", "workspace", "user_id"),)
    id: Mapped[int] = _id()
    channel: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[str] = mapped_column(String(200))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]


class ChannelThread(Base):
    """The thread or chat of a conversation in Slack or Teams, or its mails.

    ``thread`` is the channel's own key by which the next message finds the conversation; NULL once another
    conversation has taken its place. ``reference`` is what the channel needs in order to send there. ``shared``:
    others than the customer can read along.
    """

    __tablename__ = "channel_threads"
    __table_args__ = (UniqueConstraint("channel", "workspace", "thread"),)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(100))
    thread: Mapped[str | None] = mapped_column(String(300))
    shared: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class OutboxItem(Base):
    """The outbox: something that leaves for one target, or has left. ``key`` names the event and the target, so that
    each is queued once.

    ``kind``: message, mail, team_notice, known_problem_news, button_update, message_change, webhook, escalation, staff
    (to a staff channel), staff_written (came from one). ``target``: a channel, a mail address, the fingerprint of a
    notify address, an issue, a message, a webhook. ``state``: queued, sent, filed (a mail without a server: written to
    a file), failed (refused for good, tried for too long, or too late: a dead letter), dropped (nobody needs it any
    more). Items of one ``lane`` go in order. ``payload`` holds what no other row does, such as a mail's ``letter``,
    ``subject`` and ``text``; with ``secret`` the text is erased once the item has ended. ``trouble``: the last attempt
    failed on our side, as at our own mail server. ``lease_until`` and ``fence`` let one worker at a time send it;
    ``parts_sent`` says where to go on after a crash, ``outside_id`` and ``last_outside_id`` are the channel's ids of
    the first and the last part. An item of kind message sends the conversation's messages from ``message_id`` to
    ``last_message_id``.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_due_at", "state", "due_at"),
        Index("ix_outbox_lane_state_id", "lane", "state", "id"),
        Index("ix_outbox_target_outside_id", "target", "outside_id"),
        Index("ix_outbox_target_last_outside_id", "target", "last_outside_id"),
        Index("ix_outbox_kind_tried_at", "kind", "tried_at"),
    )
    id: Mapped[int] = _id()
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    target: Mapped[str] = mapped_column(String(320), index=True)
    lane: Mapped[str | None] = mapped_column(String(60))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    last_message_id: Mapped[int | None] = mapped_column(BigId)
    hand_off_id: Mapped[int | None] = mapped_column(ForeignKey("hand_offs.id"))
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id"))
    update_id: Mapped[int | None] = mapped_column(ForeignKey("known_problem_updates.id"))
    payload: Mapped[dict[str, Any] | None]
    secret: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    parts_sent: Mapped[int] = mapped_column(default=0)
    outside_id: Mapped[str | None] = mapped_column(String(300))
    last_outside_id: Mapped[str | None] = mapped_column(String(300))
    error: Mapped[str | None] = mapped_column(String(100))
    trouble: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]


class MessageChange(Base):
    """A message that its writer edited or deleted afterwards; the transcript keeps what we acted on.

    ``kind``: edited (``text`` is what it says now) or deleted.
    """

    __tablename__ = "message_changes"
    __table_args__ = (UniqueConstraint("message_id", "source_id"),)
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    source_id: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class IncomingFile(Base):
    """A file that came with a message from Slack, Teams or by mail and is fetched after the message was acknowledged.

    ``source`` is what the channel needs in order to fetch it. ``status``: pending, kept or refused (``error`` says
    why).
    """

    __tablename__ = "incoming_files"
    __table_args__ = (Index("ix_incoming_files_status_next_at", "status", "next_at"),)
    id: Mapped[int] = _id()
    channel: Mapped[str] = mapped_column(String(20))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    name: Mapped[str] = mapped_column(String(255))
    source: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(20), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(100))
    next_at: Mapped[datetime]
    created_at: Mapped[datetime]


class SlackWorkspace(Base):
    """A workspace (or an Enterprise organisation) that has installed our Slack app; ``token`` is encrypted."""

    __tablename__ = "slack_workspaces"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    token: Mapped[str] = mapped_column(Text)
    bot_user: Mapped[str | None] = mapped_column(String(40))
    scopes: Mapped[list[str]] = mapped_column(default=list)
    installed_at: Mapped[datetime]


class InboundEvent(Base):
    """Something that arrived and must be worked on exactly once; unique by where it came from.

    ``payload``: what an event without a message is about (``bot.dialogue.context.UnpromptedEvent``), until it is done.
    ``lead_event_id``: the first event of the batch that it was worked on with; None for one that was first or alone.
    """

    __tablename__ = "inbound_events"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_inbound_events_status_conversation_id", "status", "conversation_id"),
    )
    id: Mapped[int] = _id()
    source: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[str] = mapped_column(String(300))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    status: Mapped[str] = mapped_column(String(20), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    payload: Mapped[dict[str, Any] | None]
    lead_event_id: Mapped[int | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Turn(Base):
    """The decision about one inbound event or the batch that it leads, shown by ``techref explain`` and at the desk.

    No customer text. ``evidence``: what look-ups found, in numbers; ``commands``: the kinds of what was done and said,
    in order. ``marked_at``: when a technician said that the customer was misunderstood.
    """

    __tablename__ = "turns"
    __table_args__ = (Index("ix_turns_intent_created_at", "intent", "created_at"),)
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    inbound_event_id: Mapped[int] = mapped_column(ForeignKey("inbound_events.id"))
    result: Mapped[str] = mapped_column(String(40))
    intent: Mapped[str | None] = mapped_column(String(100))
    confidence: Mapped[float | None]
    rule: Mapped[str | None] = mapped_column(String(200))
    evidence: Mapped[list[str]] = mapped_column(default=list)
    commands: Mapped[list[str]] = mapped_column(default=list)
    reason: Mapped[str | None] = mapped_column(String(200))
    milliseconds: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    marked_at: Mapped[datetime | None]


class Intake(Base):
    """The draft of an issue: the truth about what the customer has answered so far.

    ``state``: open (being asked), kept (put aside by the customer), done (summary confirmed, or a technician
    took over), request (holds a request, and is never asked). ``version`` counts changes so that a confirmation of an
    older summary is recognised. ``asking`` is the question last put to the customer; ``misses`` counts answers to it
    that did not fit. ``brief``: the customer is short of patience, so only the shortest list of questions is asked.
    ``known_problem_offered``: the id of the known problem that was offered.
    """

    __tablename__ = "intakes"
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="open")
    version: Mapped[int] = mapped_column(default=1)
    category: Mapped[str | None] = mapped_column(String(40))
    wants_person: Mapped[bool] = mapped_column(default=True)
    asking: Mapped[str | None] = mapped_column(String(60))
    asking_private: Mapped[bool] = mapped_column(default=False)
    misses: Mapped[int] = mapped_column(default=0)
    brief: Mapped[bool] = mapped_column(default=False, server_default=false())
    known_problem_id: Mapped[int | None]
    known_problem_offered: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class IntakeAnswer(Base):
    """One answer of a draft. ``status``: answered, unknown ("I don't know") or skipped."""

    __tablename__ = "intake_answers"
    __table_args__ = (UniqueConstraint("intake_id", "question_id"),)
    id: Mapped[int] = _id()
    intake_id: Mapped[int] = mapped_column(ForeignKey("intakes.id"), index=True)
    question_id: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), default="answered")
    visibility: Mapped[str] = mapped_column(String(20), default="everyone")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    updated_at: Mapped[datetime]


class Issue(Base):
    """A logged issue. ``reminded_at`` is set when its owner was reminded of it and nothing was done with it since.
    ``edited`` names the fields that a technician has set: what the customer adds later does not change them.
    ``revision`` counts changes of what pages show of it (``store.issue_revision``). ``client_call_id``: the id under
    which a technician's browser sent a telephoned issue. ``product``: as of the conversation.
    """

    __tablename__ = "issues"
    __table_args__ = (Index("ix_issues_technician_id_status", "technician_id", "status"),)
    id: Mapped[int] = _id()
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intakes.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    product: Mapped[str | None] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(30), default="new")
    waiting_until: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    entitlement: Mapped[str] = mapped_column(String(30))
    impact: Mapped[str | None] = mapped_column(String(30))
    known_problem_id: Mapped[int | None] = mapped_column(BigId, index=True)
    details_complete: Mapped[bool] = mapped_column(default=False)
    edited: Mapped[list[str] | None] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    client_call_id: Mapped[str | None] = mapped_column(String(200), index=True, unique=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(index=True)
    resolved_at: Mapped[datetime | None]


class HandOff(Base):
    """A conversation waiting for, or held by, a technician. ``state``: waiting, claimed, done, cancelled.

    ``line_since``: since when the customer stands in the line, if that was before this row: who is passed on, or
    was not answered, does not go back to the end. ``assigned_at``: when it was marked for ``for_technician_id`` by the
    rule of the queue and not by a person.
    """

    __tablename__ = "hand_offs"
    __table_args__ = (
        Index("ix_hand_offs_state_created_at", "state", "created_at"),
        Index("ix_hand_offs_created_at", "created_at"),
    )
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    team: Mapped[str] = mapped_column(String(40))
    for_technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    reason: Mapped[str] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(Text)
    asked_out_of_hours: Mapped[bool] = mapped_column(default=False)
    line_since: Mapped[datetime | None]
    assigned_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class Technician(Base):
    """Someone who takes hand-offs. ``role``: technician, supervisor or admin. ``delays_replies``: wants to be able to
    undo every reply, also in a chat.
    """

    __tablename__ = "technicians"
    id: Mapped[int] = _id()
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(300))
    role: Mapped[str] = mapped_column(String(20), default="technician")
    team: Mapped[str | None] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=True)
    availability: Mapped[str] = mapped_column(String(20), default="available", server_default="available")
    delays_replies: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]


class KnownProblem(Base):
    """Something that many customers meet: told once to all. ``state``: published, resolved or withdrawn.

    ``product``, ``category`` and ``versions`` narrow down whose issue it may be; empty means any.
    """

    __tablename__ = "known_problems"
    id: Mapped[int] = _id()
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    product: Mapped[str | None] = mapped_column(String(40))
    category: Mapped[str | None] = mapped_column(String(40))
    versions: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(20), default="published", index=True)
    ends_at: Mapped[datetime | None]
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class KnownProblemUpdate(Base):
    """A word to everyone affected. ``kind``: update, or over (each is asked whether it works)."""

    __tablename__ = "known_problem_updates"
    id: Mapped[int] = _id()
    problem_id: Mapped[int] = mapped_column(ForeignKey("known_problems.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]


class Invitation(Base):
    """A link that lets somebody set a password once: to join, or after a reset. Stored only as its SHA-256.

    ``purpose``: invite (then ``email``, ``name``, ``role`` and ``team`` say who joins) or reset.
    """

    __tablename__ = "invitations"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(320), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    team: Mapped[str | None] = mapped_column(String(40))
    invited_by: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SettingsVersion(Base):
    """A state of the operator's support.yml, kept so that it can be gone back to. No technician: edited by hand."""

    __tablename__ = "settings_versions"
    id: Mapped[int] = _id()
    at: Mapped[datetime]
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    text: Mapped[str] = mapped_column(Text)


class PageVersion(Base):
    """A state of a page of the manual that was written at the desk. ``state``: draft, published or removed.

    ``page``: its slug. ``text``: the whole file. ``origin``: the issue whose answer a draft was begun with.
    ``product``: whose manual it belongs to, None for the installation's own.
    """

    __tablename__ = "page_versions"
    __table_args__ = (Index("ix_page_versions_page_id", "page", "id"),)
    id: Mapped[int] = _id()
    page: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    state: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(String(20))
    product: Mapped[str | None] = mapped_column(String(40))


class ChecklistMark(Base):
    """Something of the first sign-in's checklist that a person has said is done."""

    __tablename__ = "checklist_marks"
    item: Mapped[str] = mapped_column(String(40), primary_key=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    at: Mapped[datetime]


class DeskSession(Base):
    """A technician's signed-in browser; cookie and CSRF token are stored only as SHA-256."""

    __tablename__ = "desk_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    csrf_hash: Mapped[str] = mapped_column(String(64))
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class WebhookEndpoint(Base):
    """An address that is sent events of issues. ``secret``: encrypted; what its requests are signed with.

    ``failing_since``: its last delivery has failed, and all since then; ``paused_at``: nothing is sent to it.
    """

    __tablename__ = "webhook_endpoints"
    id: Mapped[int] = _id()
    name: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(2000))
    events: Mapped[list[str]]
    secret: Mapped[str] = mapped_column(Text)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]


class Tracker(Base):
    """A place outside where developers keep their own issues: a GitHub repository or a Jira project.

    ``kind``: github or jira. ``url``: of its API. ``team``: whose issues it is offered for, None for all. ``account``:
    the e-mail that a token of Jira's cloud belongs to. ``token`` and ``secret`` are encrypted; the second proves what
    comes from there. ``removed_at``: nothing goes there since then.
    """

    __tablename__ = "trackers"
    id: Mapped[int] = _id()
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(2000))
    project: Mapped[str] = mapped_column(String(200))
    issue_type: Mapped[str | None] = mapped_column(String(60))
    team: Mapped[str | None] = mapped_column(String(40))
    account: Mapped[str | None] = mapped_column(String(320))
    token: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Escalation(Base):
    """An issue that was brought to a tracker. ``marker`` is found in the issue there, so that none is made twice.

    ``state``: queued, open, closed. ``outside_id``: its number or key there, ``url``: its page. ``title`` and
    ``text``: as the technician has sent them. ``client_id``: under which their browser did.
    """

    __tablename__ = "escalations"
    __table_args__ = (Index("ix_escalations_tracker_id_outside_id", "tracker_id", "outside_id"),)
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    tracker_id: Mapped[int] = mapped_column(ForeignKey("trackers.id"))
    marker: Mapped[str] = mapped_column(String(40), unique=True)
    client_id: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    outside_id: Mapped[str | None] = mapped_column(String(100))
    url: Mapped[str | None] = mapped_column(String(2000))
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ApiKey(Base):
    """A machine's key to the API; of the key itself only the SHA-256 is stored, and ``prefix`` to recognise it by.

    ``scopes`` name what it may do. ``revoked_at``: it opens nothing since then.
    """

    __tablename__ = "api_keys"
    id: Mapped[int] = _id()
    name: Mapped[str] = mapped_column(String(100))
    prefix: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A failed sign-in, kept for throttling; ``subject`` is a hash of the e-mail, or of the address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_subject_at", "subject", "at"),)
    id: Mapped[int] = _id()
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Note(Base):
    """A private note; never sent to the customer. Shown after message ``after_seq``.

    ``author_name``: the API key or the tracker that wrote it, where no technician did.
    """

    __tablename__ = "notes"
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    author_name: Mapped[str | None] = mapped_column(String(200))
    after_seq: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class StaffPlace(Base):
    """A channel of Slack or Teams that is or was a staff channel: nothing written there is a customer's.

    ``reference`` is what the platform needs in order to send there, as it was last seen.
    """

    __tablename__ = "staff_places"
    __table_args__ = (UniqueConstraint("platform", "workspace", "channel"),)
    id: Mapped[int] = _id()
    platform: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(String(300))
    reference: Mapped[dict[str, Any]] = mapped_column(default=dict)


class StaffThread(Base):
    """The card of a hand-off in a staff channel, and the thread under it.

    ``thread`` is the platform's id of the card once it was posted, ``shown`` the digest of what it shows now.
    ``explained``: the thread was told that notes are kept inside.
    """

    __tablename__ = "staff_threads"
    __table_args__ = (UniqueConstraint("place_id", "thread"),)
    id: Mapped[int] = _id()
    hand_off_id: Mapped[int] = mapped_column(ForeignKey("hand_offs.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("staff_places.id"))
    thread: Mapped[str | None] = mapped_column(String(300))
    shown: Mapped[str | None] = mapped_column(String(64))
    explained: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]


class StaffMessage(Base):
    """Something written in the thread of a card, and what became of it. No words: those are the note's, the message's.

    ``outcome``: note, reply, or refused (nobody whom we know wrote it, or there was nothing in it). ``message_id``: the
    message to the customer that it, or its note, became. ``changed``: its writer edited or deleted it afterwards.
    """

    __tablename__ = "staff_messages"
    __table_args__ = (UniqueConstraint("thread_id", "outside_id"),)
    id: Mapped[int] = _id()
    thread_id: Mapped[int] = mapped_column(ForeignKey("staff_threads.id"))
    outside_id: Mapped[str] = mapped_column(String(300))
    user_id: Mapped[str] = mapped_column(String(200))
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    outcome: Mapped[str] = mapped_column(String(20))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    changed: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]


class Mention(Base):
    """A colleague whom a note mentions. ``read_at``: when they read the conversation first."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("note_id", "technician_id"),
        Index("ix_mentions_technician_id", "technician_id", "read_at"),
    )
    id: Mapped[int] = _id()
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class ConversationRead(Base):
    """A technician has read a conversation up to message ``seq``."""

    __tablename__ = "conversation_reads"
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True, index=True)
    seq: Mapped[int]


class DelayedAction(Base):
    """Something a technician did that takes effect at ``due_at``, until when they can undo it.

    ``kind``: resolve, transfer, known_problem or reply; ``payload`` holds what it was asked with, nothing once it has
    ended. ``seen_seq``: the newest message when it was asked. ``state``: waiting, done, undone, or dropped with the
    sentence ``why``.
    """

    __tablename__ = "delayed_actions"
    __table_args__ = (Index("ix_delayed_actions_state_due_at", "state", "due_at"),)
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]]
    seen_seq: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    why: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Call(Base):
    """A telephone call of a technician with a customer; going on while ``ended_at`` is None. ``minutes``, begun
    ones counted whole, are what was talked.
    """

    __tablename__ = "calls"
    id: Mapped[int] = _id()
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id"), index=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    minutes: Mapped[int | None]


class CannedReply(Base):
    """A reply that is written often, with ``{placeholders}``; of one team, or of all when ``team`` is None."""

    __tablename__ = "canned_replies"
    id: Mapped[int] = _id()
    team: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Macro(Base):
    """A reply with what is done along with it; of one team, or of all when ``team`` is None. ``text`` may be empty."""

    __tablename__ = "macros"
    id: Mapped[int] = _id()
    team: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(String(30))
    to_team: Mapped[str | None] = mapped_column(String(40))
    tags: Mapped[list[str]] = mapped_column(default=list)
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SavedView(Base):
    """A search of issues under a name. ``filters``: the names and values of the list's query string."""

    __tablename__ = "saved_views"
    id: Mapped[int] = _id()
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    filters: Mapped[dict[str, Any]]
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]


class IssueLink(Base):
    """Two issues that belong together. ``kind``: related, or duplicate: ``issue_id`` is the same matter as
    ``other_id``, which is the one that is worked on.
    """

    __tablename__ = "issue_links"
    __table_args__ = (UniqueConstraint("issue_id", "other_id"),)
    id: Mapped[int] = _id()
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]


class Tag(Base):
    """A name that technicians give issues; ``key`` is the name as it is compared."""

    __tablename__ = "tags"
    id: Mapped[int] = _id()
    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    created_at: Mapped[datetime]


class IssueTag(Base):
    """An issue has a tag; ``technician_id`` gave it."""

    __tablename__ = "issue_tags"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True, index=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technicians.id"))
    at: Mapped[datetime]


class Rating(Base):
    """A customer's rating of an issue: ``score`` from 1 (badly) to 5 (very well)."""

    __tablename__ = "ratings"
    id: Mapped[int] = _id()
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"))
    score: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AuditEntry(Base):
    """An entry of the audit: actor, change, time and reason. ``details`` hold ids and codes, never words."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_action_at", "action", "at"),)
    id: Mapped[int] = _id()
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    conversation_id: Mapped[str | None] = mapped_column(String(40), index=True)
    issue_id: Mapped[int | None] = mapped_column(BigId, index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ScheduledJob(Base):
    """When a job of the scheduler is due, and which gateway runs it now. ``failure``: the last error's type."""

    __tablename__ = "scheduled_jobs"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    ran_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(100))


class ReviewedPhrase(Base):
    """A phrase that was not understood and has been dealt with: labelled with ``intent``, or dismissed (None).

    ``key`` is a hash of the anonymous phrase; its words are in the learned examples only.
    """

    __tablename__ = "reviewed_phrases"
    key: Mapped[str] = mapped_column(String(16), primary_key=True)
    intent: Mapped[str | None] = mapped_column(String(100))
    at: Mapped[datetime]


class SearchRecord(Base):
    """One search of the manual: the question (redacted), what was shown and what came of it.

    ``source``: chat for a question, report for a problem that was looked up beside its logging, or manual for the
    manual's own search box, which knows no conversation; there ``key`` lets the reader's browser say later which hit
    was opened. ``product``: whose manual was searched, None where there is one.
    """

    __tablename__ = "searches"
    __table_args__ = (Index("ix_searches_created_at", "created_at"),)
    id: Mapped[int] = _id()
    source: Mapped[str] = mapped_column(String(20), default="chat", server_default="chat")
    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    product: Mapped[str | None] = mapped_column(String(40))
    question: Mapped[str] = mapped_column(Text)
    shown: Mapped[list[Any]] = mapped_column(default=list)
    score: Mapped[float]
    confident: Mapped[bool]
    solved: Mapped[bool | None]
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id"), index=True)
    created_at: Mapped[datetime]


class SearchClick(Base):
    """Somebody opened what a search had shown; ``place`` counts the search's ``shown`` from 0."""

    __tablename__ = "search_clicks"
    search_id: Mapped[int] = mapped_column(ForeignKey("searches.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
