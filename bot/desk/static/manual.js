// Sources of the manual: files go up in portions, versions come back, and the page follows an import that is running.
import { call } from "./call.js";
import { chosenFiles, portions } from "./manual_files.js";
import { say } from "./say.js";

const LOOK_EVERY_MS = 3000;
const MOST_NAMED = 10;
const form = document.getElementById("upload-form");
const state = document.getElementById("upload-state");
const { about } = form.dataset; // of several products the one whose manual it is

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = form.querySelector(".problem");
  const button = form.querySelector("button");
  problem.hidden = true;
  button.disabled = true;
  try {
    const chosen = [...form.elements.files.files, ...form.elements.folder.files];
    if (chosen.length === 0) throw new Error("Choose files or a folder.");
    await upload(chosen);
    location.reload();
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  } finally {
    button.disabled = false;
    state.textContent = "";
  }
});

// A file that is refused is named; the others are imported all the same.
async function upload(chosen) {
  const files = await chosenFiles(chosen, form.dataset.endings.split(","));
  if (files.length === 0) throw new Error("There is no document in it that can be read. Nothing was uploaded.");
  const { name, base_url } = form.elements;
  const { id } = await call("POST", `manual/sources${about}`, { name: name.value, base_url: base_url.value });
  const refused = [];
  let sent = 0;
  for (const portion of portions(files, Number(form.dataset.most))) {
    state.textContent = `Uploading ${sent + 1} of ${files.length}: ${portion[0].path}`;
    try {
      const answer = await call("POST", `manual/sources/${id}/files${about}`, await body(portion));
      refused.push(...answer.refused.map((one) => `${one.name}: ${one.reason}`));
    } catch (error) {
      if (error.status === 401 || error.passing) throw error;
      refused.push(`${portion[0].path}: ${error.message}`);
    }
    sent += portion.length;
  }
  const isNew = !document.getElementById(`source-${id}`);
  if (refused.length < files.length) await call("POST", `manual/sources/${id}/import${about}`, {});
  else if (isNew) await call("POST", `manual/sources/${id}/remove${about}`, {});
  if (refused.length) throw new Error(refused.slice(0, MOST_NAMED).join(" "));
}

async function body(portion) {
  const data = new FormData();
  for (const file of portion) data.append("file", await file.content(), file.path);
  return data;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-roll-back]");
  if (!button) return;
  button.disabled = true;
  try {
    await call("POST", `manual/sources/${button.dataset.rollBack}/roll-back${about}`, { version: button.dataset.version });
    location.reload();
  } catch (error) {
    button.disabled = false;
    say(error.message);
  }
});

async function follow() {
  const { sources } = await call("GET", `manual/sources${about}`);
  if (sources.some((source) => source.waiting || source.importing)) return setTimeout(look, LOOK_EVERY_MS);
  location.reload();
}

function look() {
  follow().catch((error) => {
    if (error.status !== 401) setTimeout(look, LOOK_EVERY_MS);
  });
}

if (document.querySelector("[data-busy]")) setTimeout(look, LOOK_EVERY_MS);
