// An issue for somebody on the telephone: the questions follow the category, the reference is read out.
import "./page.js";
import { call } from "./call.js";
import { Callers } from "./callers.js";

const form = document.getElementById("new-call");
const said = document.getElementById("problem-said");
const button = form.querySelector("button");
const callId = crypto.randomUUID(); // an answer that is lost and asked for again logs nothing twice

new Callers((caller) => {
  form.customer.value = caller?.id ?? "";
  form.elements.name.value = caller?.name ?? "";
  form.contact.value = caller?.contact ?? "";
  form.problem.focus();
});

form.category.addEventListener("change", () => {
  for (const questions of form.querySelectorAll("[data-category]")) {
    questions.hidden = questions.disabled = questions.dataset.category !== form.category.value;
  }
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  said.hidden = true;
  try {
    logged(await call("POST", "calls", written()));
  } catch (problem) {
    said.textContent = problem.message;
    said.hidden = false;
  } finally {
    button.disabled = false;
  }
});

function written() {
  const answers = {};
  for (const field of form.querySelectorAll("fieldset:not([disabled]) [data-answer]")) {
    if (field.value.trim()) answers[field.dataset.answer] = field.value;
  }
  const { problem, contact, name, category, product, customer } = form.elements;
  const about = { ...(product ? { product: product.value } : {}), ...(customer.value ? { customer: Number(customer.value) } : {}) };
  return { client_call_id: callId, problem: problem.value, contact: contact.value, name: name.value, category: category.value, ...about, answers };
}

function logged({ reference, reference_spoken: spoken, conversation_id: id }) {
  document.getElementById("given").textContent = reference;
  document.getElementById("aloud").textContent = spoken;
  document.getElementById("open-logged").href = `/desk/conversations/${id}`;
  form.hidden = true;
  document.getElementById("logged").hidden = false;
  document.getElementById("open-logged").focus();
}
