/**
 * The state of the chat and how it changes: a pure reducer, and what can be read off the state.
 *
 * `cursor` is the highest seq that came by fetch or stream, where the server leaves no gaps. The answer to a sent
 * message may run ahead of the stream, so it counts as shown but moves no cursor: nothing before it is skipped.
 */

export const EMPTY_CONVERSATION = Object.freeze({
  id: null,
  owner: "assistant",
  owner_name: null,
  reference: null,
  queue_position: null,
  position_settled: true,
  rating: null,
  epoch: 0,
});

export const INITIAL = Object.freeze({
  config: null,
  conversation: EMPTY_CONVERSATION,
  messages: [],
  cursor: 0,
  restored: true,
  outbox: [],
  typing: null,
  connection: { kind: "idle", attempt: 0 },
  notices: [],
  seenSeq: 0,
  shown: false,
  earlier: null,
  panel: null,
});

const STATE_FIELDS = ["owner", "owner_name", "reference", "queue_position", "position_settled", "rating", "epoch"];

const changes = {
  config: (state, { config }) => ({ ...state, config }),

  /** Another conversation, or none yet (`id` null): nothing of the one before may stay on the screen. */
  opened: (state, { id, seenSeq = 0, earlier = null, restored = id === null }) => ({
    ...state,
    conversation: { ...EMPTY_CONVERSATION, id },
    messages: [],
    cursor: 0,
    typing: null,
    connection: INITIAL.connection,
    seenSeq,
    earlier,
    restored,
  }),

  /** The answer of GET messages. */
  fetched: (state, { id, answer }) => {
    if (id !== state.conversation.id) return state;
    return { ...withMessages(withState(state, answer), answer.messages ?? [], true), restored: true };
  },

  message: (state, { id, message }) => (id === state.conversation.id ? withMessages(state, [message], true) : state),

  /** The stored message that answered a POST. */
  sent: (state, { id, message }) => (id === state.conversation.id ? withMessages(state, [message], false) : state),

  message_updated: (state, { id, message }) => {
    if (id !== state.conversation.id) return state;
    const messages = state.messages.map((old) => (old.seq === message.seq ? { ...old, ...message } : old));
    return { ...state, messages };
  },

  state: (state, { id, answer }) => (id === state.conversation.id ? withState(state, answer) : state),

  typing: (state, { id, typing }) => {
    if (id !== state.conversation.id || typing.author === "customer") return state;
    return { ...state, typing: typing.on ? { author: typing.author, name: typing.name } : null };
  },

  outbox: (state, { entries }) => ({ ...state, outbox: entries }),
  connection: (state, { connection }) => ({ ...state, connection }),
  shown: (state, { shown }) => ({ ...state, shown }),
  panel: (state, { panel }) => ({ ...state, panel }),
  seen: (state, { seq }) => (seq > state.seenSeq ? { ...state, seenSeq: seq } : state),

  notice: (state, { notice }) => ({
    ...state,
    notices: [...state.notices.filter((other) => other.key !== notice.key), notice],
  }),

  dismiss: (state, { key }) => ({ ...state, notices: state.notices.filter((notice) => notice.key !== key) }),
};

export function reduce(state, action) {
  return changes[action.type](state, action);
}

function withState(state, answer) {
  if ((answer.epoch ?? 0) < state.conversation.epoch) return state;
  const conversation = { ...state.conversation };
  for (const field of STATE_FIELDS) if (answer[field] !== undefined) conversation[field] = answer[field];
  return { ...state, conversation };
}

function withMessages(state, incoming, movesCursor) {
  if (!incoming.length) return state;
  const bySeq = new Map(state.messages.map((message) => [message.seq, message]));
  for (const message of incoming) bySeq.set(message.seq, message);
  const messages = [...bySeq.values()].sort((one, other) => one.seq - other.seq);
  const cursor = movesCursor ? Math.max(state.cursor, ...incoming.map((message) => message.seq)) : state.cursor;
  const fromOthers = incoming.some((message) => message.author !== "customer");
  return { ...state, messages, cursor, typing: fromOthers ? null : state.typing };
}

export function lastSeq(state) {
  return state.messages.at(-1)?.seq ?? 0;
}

/** What is on the screen: stored messages by seq, then what this browser has not got through yet. */
export function timeline(state) {
  const arrived = new Set(state.messages.map((message) => message.client_message_id).filter(Boolean));
  const unsent = state.outbox.filter(
    (entry) => !arrived.has(entry.id) && (entry.conversation === null || entry.conversation === state.conversation.id),
  );
  return { messages: state.messages, unsent };
}

/**
 * The choices that can still be taken: those of the latest message that offered any, unless the customer has written
 * since, or a technician has taken over.
 */
export function openChoices(state) {
  if (state.conversation.owner === "technician") return null;
  const { messages, unsent } = timeline(state);
  if (unsent.some((entry) => !entry.refused)) return null;
  for (const message of [...messages].reverse()) {
    if (message.author === "customer") return null;
    if (message.choices?.length) return { seq: message.seq, choices: message.choices };
  }
  return null;
}

export function unreadCount(state) {
  return state.messages.filter((message) => message.author !== "customer" && message.seq > state.seenSeq).length;
}

/** Holds the state and tells its listeners, once for all changes of one moment. */
export class Store {
  #state = INITIAL;
  #listeners = [];
  #due = false;

  get state() {
    return this.#state;
  }

  dispatch(action) {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      for (const listener of this.#listeners) listener(this.#state);
    });
  }

  subscribe(listener) {
    this.#listeners.push(listener);
    listener(this.#state);
  }
}
