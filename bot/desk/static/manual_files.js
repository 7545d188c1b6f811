// What is uploaded of chosen files, folders and ZIP archives: documents and pictures by their paths, in portions.
import { filesOf } from "./zip_file.js";

const MOST_AT_ONCE = 40;

// Resolves to `[{path, size, content()}]` of the chosen files, of those endings, without the folder around all of them.
export async function chosenFiles(files, endings) {
  const found = [];
  for (const file of files) {
    if (!file.name.toLowerCase().endsWith(".zip")) {
      found.push({ path: file.webkitRelativePath || file.name, size: file.size, content: async () => file });
      continue;
    }
    try {
      found.push(...(await filesOf(file)));
    } catch (error) {
      throw new Error(`${file.name}: ${error.message} Nothing was uploaded.`, { cause: error });
    }
  }
  const whole = files.length === 1 || files.some((file) => file.webkitRelativePath);
  const wanted = whole && found.length > 1 ? found.filter(({ path }) => isPart(path, endings)) : found;
  return withoutSharedFolder(wanted);
}

// Resolves to portions of files to send together, none larger than `most` bytes unless it is one file.
export function* portions(files, most) {
  let portion = [];
  let bytes = 0;
  for (const file of files) {
    if (portion.length > 0 && (portion.length === MOST_AT_ONCE || bytes + file.size > most)) {
      yield portion;
      [portion, bytes] = [[], 0];
    }
    portion.push(file);
    bytes += file.size;
  }
  if (portion.length > 0) yield portion;
}

// Of a whole folder what belongs to the manual: nothing hidden, no style sheets and scripts.
function isPart(path, endings) {
  const parts = path.toLowerCase().split("/");
  const hidden = parts.some((part) => part.startsWith(".") || part === "__macosx");
  return !hidden && endings.some((ending) => parts.at(-1).endsWith(ending));
}

function withoutSharedFolder(files) {
  const folders = files.map(({ path }) => path.split("/").slice(0, -1));
  const shared = folders.reduce((one, other) => one.slice(0, one.findIndex((part, at) => part !== other[at]) >>> 0), folders[0] ?? []);
  const cut = shared.reduce((length, part) => length + part.length + 1, 0);
  return files.map((file) => ({ ...file, path: file.path.slice(cut) }));
}
