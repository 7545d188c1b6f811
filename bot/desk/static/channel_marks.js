// What happened to a message after it was stored: edited or deleted in Slack or Teams, not delivered there, or joined by
// a file that had to be fetched first.
import { call } from "./call.js";
import { moment } from "./clocks.js";
import { element } from "./element.js";
import { say } from "./say.js";

const CHANNELS = { slack: "Slack", teams: "Teams" };

// address: the conversation's, for the API; transcript has the messages' articles; told takes the new state.
export function showMarks(address, state, transcript, told) {
  const entryOf = (seq) => transcript.entryOf(seq);
  for (const old of document.querySelectorAll(".entry .mark")) old.remove();
  for (const change of state.changes ?? []) entryOf(change.seq)?.append(changed(change));
  for (const later of state.files_later ?? []) fileOf(transcript, later);
  for (const missing of state.undelivered ?? []) entryOf(missing.seq)?.append(undelivered(address, missing, told));
}

function fileOf(transcript, later) {
  const entry = transcript.entryOf(later.seq);
  if (later.status !== "kept") {
    const words = later.status === "pending" ? `The file ${later.name} is being fetched …` : `The file ${later.name} was not kept.`;
    entry?.append(element("p", { className: "mark" }, words));
    return;
  }
  for (const file of later.files) {
    const link = transcript.file(file);
    if (entry && !entry.querySelector(`a.file[href="${link.getAttribute("href")}"]`)) entry.append(link);
  }
}

function changed(change) {
  const when = element("time", { dateTime: change.at }, moment(change.at));
  if (change.kind === "deleted") return element("p", { className: "mark" }, "Deleted by the customer ", when);
  return element("p", { className: "mark" }, "Edited by the customer ", when, `. It says now: ${change.text}`);
}

function undelivered(address, missing, told) {
  const where = CHANNELS[missing.channel] ?? missing.channel;
  const why = missing.why ? ` (${missing.why.replaceAll("_", " ")})` : "";
  const state = missing.trying ? "It is still tried." : "It is no longer tried.";
  const button = element("button", { type: "button", className: "button small" }, "Send again");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      told(await call("POST", `${address}/deliveries/${missing.delivery_id}/resend`, {}));
      say("The message is being sent again.");
    } catch (problem) {
      button.disabled = false;
      say(problem.message);
    }
  });
  return element("p", { className: "mark undelivered" }, `Not delivered to ${where}${why}. ${state} `, button);
}
