// Sources of the manual: files go up one by one, versions come back, and the page follows an import that is running.
import { call } from "./call.js";
import { say } from "./say.js";

const LOOK_EVERY_MS = 3000;
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
    if (await upload([...form.elements.files.files])) location.reload();
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  } finally {
    button.disabled = false;
  }
});

// A file that is refused is named; the others are imported all the same.
async function upload(files) {
  const { id } = await call("POST", `manual/sources${about}`, { name: form.elements.name.value });
  const refused = [];
  for (const [place, file] of files.entries()) {
    state.textContent = `Uploading ${place + 1} of ${files.length}: ${file.name}`;
    const body = new FormData();
    body.append("file", file, file.name);
    try {
      await call("POST", `manual/sources/${id}/files${about}`, body);
    } catch (error) {
      if (error.status === 401) throw error;
      refused.push(`${file.name}: ${error.message}`);
    }
  }
  state.textContent = "";
  const taken = refused.length < files.length;
  await call("POST", `manual/sources/${id}/${taken ? "import" : "remove"}${about}`, {});
  if (refused.length) throw new Error(refused.join(" "));
  return true;
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
