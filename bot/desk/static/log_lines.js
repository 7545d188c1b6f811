// Lines of a log or a stack trace in what a customer pasted, so that they can be shown as they were printed.

const LOG_LINE =
  /^\s*(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d|at \S+[(:]|File "|Traceback |Caused by:|\.{3} \d+ more|\[?(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL|TRACE)\b|[\w.$]+(?:Exception|Error)\b:?)/;
const CONTINUED = /^(?:\t| {4,})\S/;
const FEWEST = 2;

// [{isLog, text}] in order; null when nothing looks like one.
export function logLines(text) {
  const parts = [];
  for (const line of text.split("\n")) {
    const before = parts.at(-1);
    const isLog = LOG_LINE.test(line) || (CONTINUED.test(line) && before?.isLog === true);
    if (before?.isLog === isLog) before.lines.push(line);
    else parts.push({ isLog, lines: [line] });
  }
  if (!parts.some((part) => part.isLog && part.lines.length >= FEWEST)) return null;
  return parts.map(({ isLog, lines }) => ({ isLog, text: isLog ? lines.join("\n") : lines.join("\n").trim() })).filter(({ text: shown }) => shown);
}
