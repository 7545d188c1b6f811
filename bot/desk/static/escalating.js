// Bring an issue to the developers, from its own page and from beside its conversation.
import { call } from "./call.js";
import { whenSent } from "./dialogs.js";

export function escalateIssue(reference, sent) {
  // A second press, or a second try after a broken connection, makes nothing twice.
  let escalation = "";
  document.getElementById("dialog-escalate").addEventListener("opened", () => (escalation = crypto.randomUUID()));
  whenSent("escalate", send, () => sent("It is on its way to the developers."));

  function send(form) {
    const value = (name) => form.querySelector(`#escalate-${name}`).value;
    const fields = { tracker: value("tracker"), title: value("what"), text: value("text"), client_id: escalation };
    return call("POST", `issues/${reference}/escalations`, fields);
  }
}
