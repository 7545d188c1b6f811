/** Every word the chat shows, in one place. A second language is a second object of this shape. */

export const LOCALE = "en";

const number = new Intl.NumberFormat(LOCALE);

function counted(count, thing) {
  return `${number.format(count)} ${thing}${count === 1 ? "" : "s"}`;
}

export const words = Object.freeze({
  chat: "Support chat",
  close: "Close chat",
  conversation: "Conversation",
  you: "You",
  assistant: "Assistant",
  support: "Support",

  answering: {
    assistant: "Answers right away, at any hour",
    waiting: "Waiting for a technician",
    place: (position) => `Number ${number.format(position)} in the queue`,
    placeUnknown: "In the queue",
    placeOpen: "Your place depends on your answer",
    meanwhile: (place) => `${place} · the assistant answers meanwhile`,
    technician: "Technician",
    closed: "Closed. Write to open it again",
  },

  reference: "Tech Reference",
  copyReference: (reference) => `Copy Tech Reference ${reference}`,
  copy: "Copy",
  copied: "Copied",
  copyByHand: "Marked: press Ctrl+C or Cmd+C to copy it",

  toolbar: "Ways to get help",
  person: "Talk to a person",
  personMessage: "I would like to talk to a person.",
  personQueued: (place) => `A technician has been asked for. ${place}. You can go on writing meanwhile.`,
  personHere: (name) => `You are talking to ${name}. Just write.`,
  call: "Call us",
  callNumber: (phone) => `Call us: ${phone}`,
  issues: "My issues",
  newIssue: "New issue",

  greetingWithoutConfig: "Ask how something works, or report a problem.",
  quickReplies: "Suggestions",
  knownProblem: "Known problem",
  mineToo: (title) => `I have this problem too: ${title}`,
  choices: "Choose an answer, or write your own",
  privacyLink: "Privacy",
  alreadyNew: "This is a new issue already. Write what it is about.",
  newStarted: "A new issue. Your earlier conversation is kept.",
  backToEarlier: "Back to the earlier conversation",

  typing: (name) => `${name} is writing…`,
  newMessages: "More below",
  today: "Today",
  yesterday: "Yesterday",
  loading: "Fetching your conversation…",
  opensNewTab: "opens in a new tab",
  from: (name, time) => `${name}, ${time}: `,

  composer: "Your message",
  placeholder: "Write a message…",
  composerHint: "Enter sends, Shift and Enter starts a new line.",
  send: "Send",
  attach: "Attach a photo or file",
  drop: "Drop the file here to attach it",
  count: (used, limit) => `${number.format(used)} of ${number.format(limit)} characters`,
  tooLong: (used, limit) =>
    `${counted(used - limit, "character")} too long (the limit is ${number.format(limit)}). Shorten it, or attach it as a file.`,
  waitForFiles: "Sent as soon as the file is uploaded. Your text is kept.",
  fileNeedsYou: "A file could not be attached. Try it again or remove it, then send.",

  sending: "Sending…",
  queued: "Not sent yet: waiting for the message before it",
  retrying: "Not sent yet. It is kept on this device and tried again by itself.",
  retryingIn: (seconds) => `Next try in ${number.format(seconds)} s`,
  notSent: "Not sent.",
  retry: "Retry",
  delete: "Delete",
  edit: "Edit",
  retryMessage: (text) => `Send again: ${text}`,
  editMessage: (text) => `Take back and edit: ${text}`,
  deleteMessage: (text) => `Delete unsent message: ${text}`,

  files: {
    staged: "Files to send",
    remove: (name) => `Remove ${name}`,
    retry: (name) => `Upload ${name} again`,
    uploading: (name) => `Uploading ${name}`,
    tooLarge: (name, size, limit) => `${name} was not attached: it has ${size}, and ${limit} is the most.`,
    empty: (name) => `${name} was not attached: the file is empty.`,
    wrongType: (name, allowed) => `${name} was not attached: this kind of file is not taken. Allowed are ${allowed}.`,
    failed: (name) => `${name} was not uploaded.`,
    download: (name, size) => `Download ${name}, ${size}`,
    enlarge: (name) => `Open picture ${name} in a new tab`,
    unavailable: "The file could not be fetched. Press it to try again.",
    pictureName: (time) => `Pasted picture ${time}.png`,
  },

  rating: {
    title: "How was it handled?",
    question: "Your issue is resolved. How well did we handle it?",
    scores: ["Badly", "Not well", "All right", "Well", "Very well"],
    comment: "Anything you want to tell us (optional)",
    send: "Send",
    thanks: "Thank you for telling us.",
  },

  issueList: {
    mailCopy: "Mail me a copy of this conversation",
    mailed: (address) => `A copy is on its way to ${address}.`,
    mailedLink: (address) => `A link to this conversation is on its way to ${address}.`,
    title: "My issues",
    back: "Back to the conversation",
    none: "No issues yet. As soon as one is logged, it is listed here with its Tech Reference.",
    loading: "Fetching your issues…",
    open: (reference) => `Open the conversation about ${reference}`,
    logged: (date) => `Logged ${date}`,
    current: "This conversation",
  },

  notices: {
    dismiss: "Dismiss",
    expired:
      "Your earlier conversation had ended on this device, so a new one has been started. What you had not sent is kept and goes to the new one.",
    gone: "Your earlier conversation is no longer available, so a new one has been started. What you had not sent is kept and goes to the new one.",
    notOnThisDevice:
      "That conversation was held on another device and cannot be opened here. Quote its Tech Reference in a message, and we will find it.",
    identity:
      "We could not confirm who you are signed in as, so this chat goes on without it. Tell us your name or contract number if it matters.",
    memoryOnly:
      "This browser does not let the chat store anything. Keep this page open until your messages are sent; the conversation cannot be shown again after a reload.",
    memoryFull:
      "This browser's storage for the chat is full. Keep this page open until your messages are sent.",
  },

  connection: {
    offline: "You are offline. What you write is kept and sent when you are back.",
    network: "The connection is lost. What you write is kept; we go on trying.",
    busy: "There is a lot going on right now. What you write is kept; we try again shortly.",
    unavailable: "Support chat is being restarted. What you write is kept; we try again shortly.",
    callMeanwhile: (phone) => `You can also call ${phone}.`,
    nextTry: (seconds) => `Next try in ${number.format(seconds)} s.`,
  },

  errors: {
    network: "The connection was lost.",
    busy: (seconds) =>
      seconds ? `Too many messages at once; the server asks for ${number.format(seconds)} s of patience.` : "Too many messages at once.",
    unavailable: "Support chat cannot be reached at the moment.",
    tooLarge: "It is too large for the server.",
    refused: "The server did not take it.",
    signedOut: "The conversation has ended on this device.",
    notFound: "The conversation is no longer available.",
  },

  size(bytes) {
    if (bytes < 1000) return `${number.format(bytes)} bytes`;
    const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
    return `${new Intl.NumberFormat(LOCALE, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${unit}`;
  },

  list(items) {
    return new Intl.ListFormat(LOCALE, { type: "conjunction" }).format(items);
  },
});
