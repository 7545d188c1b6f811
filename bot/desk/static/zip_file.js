// The files in a ZIP archive, read in the browser: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LONGEST_END = 65_557; // the record at the end, with its comment
const STORED = 0;
const DEFLATED = 8;
const UTF_8 = 1 << 11;
const BROKEN = "it cannot be read as a ZIP archive.";

// Resolves to the files, each `{path, size, content()}`; `content` resolves to a Blob. Rejects in words.
export async function filesOf(archive) {
  const end = await endOf(archive);
  const directory = view(await archive.slice(end.start, end.start + end.length).arrayBuffer());
  const found = [];
  for (let at = 0; at + 46 <= directory.byteLength && directory.getUint32(at, true) === ENTRY; ) {
    const [flags, method] = [directory.getUint16(at + 8, true), directory.getUint16(at + 10, true)];
    const [packed, size] = [directory.getUint32(at + 20, true), directory.getUint32(at + 24, true)];
    const [name, extra, comment] = [28, 30, 32].map((place) => directory.getUint16(at + place, true));
    const start = directory.getUint32(at + 42, true);
    const path = text(new Uint8Array(directory.buffer, at + 46, name), flags & UTF_8);
    if (flags & 1) throw new Error("it is locked with a password; save it without.");
    if (!path.endsWith("/")) found.push({ path, size, content: () => content(archive, { start, packed, method }) });
    at += 46 + name + extra + comment;
  }
  if (found.length === 0) throw new Error("there is nothing in it, or it cannot be read as a ZIP archive.");
  return found;
}

async function endOf(archive) {
  const from = Math.max(0, archive.size - LONGEST_END);
  const last = view(await archive.slice(from).arrayBuffer());
  for (let at = last.byteLength - 22; at >= 0; at -= 1) {
    if (last.getUint32(at, true) === END) return { length: last.getUint32(at + 12, true), start: last.getUint32(at + 16, true) };
  }
  throw new Error(BROKEN);
}

async function content(archive, { start, packed, method }) {
  const head = view(await archive.slice(start, start + 30).arrayBuffer());
  if (head.byteLength < 30) throw new Error(BROKEN);
  const begin = start + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const raw = archive.slice(begin, begin + packed);
  if (method === STORED) return raw;
  if (method !== DEFLATED) throw new Error("it is packed in a way that is not read; pack it anew as a usual ZIP archive.");
  return new Response(raw.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
}

function text(bytes, isUtf8) {
  return new TextDecoder(isUtf8 ? "utf-8" : "windows-1252").decode(bytes);
}

function view(buffer) {
  return new DataView(buffer);
}
