// Looks a number up, and downloads the status and the draw log.

import { pathOf, send, sendJson } from "../api.js";
import { createParts, setText, show } from "../dom.js";
import { integer, parseInteger, time } from "../format.js";

export function createAudit({ signal }, pool) {
  const parts = createParts("audit");

  async function lookUp(event) {
    event.preventDefault();
    show(parts.error, false);
    show(parts.found, false);
    const number = parseInteger(parts.number.value);
    try {
      if (number === null) throw new Error("Enter a whole number, such as 4711.");
      const answer = await sendJson(pathOf(pool, "numbers", number), { signal });
      setText(parts.found, describe(answer));
      show(parts.found, true);
    } catch (error) {
      setText(parts.error, error.message);
      show(parts.error, true);
    }
  }

  parts.form.addEventListener("submit", lookUp);
  const [status, log] = [pathOf(pool), pathOf(pool, "draws")];
  parts.status.addEventListener("click", () => download(parts, status, `${pool}.json`, "application/json", signal));
  parts.lines.addEventListener("click", () => download(parts, log, `${pool}.jsonl`, "application/x-ndjson", signal));
  parts.csv.addEventListener("click", () => download(parts, log, `${pool}.csv`, "text/csv", signal));
  return { root: parts.root, show: ({ status }) => status.state !== "seeding" };
}

function describe({ number, drawn, position, drawnAt, reference, caller }) {
  if (!drawn) return `${integer(number)} is not drawn.`;
  const by = caller ? ` by ${caller}` : "";
  const forWhat = reference === null ? "" : `, for ${reference}`;
  return `${integer(number)} was drawn ${time(drawnAt)}${by}, at position ${integer(position)}${forWhat}.`;
}

/** After how many bytes the browser takes over what was read: it keeps large blobs on disk. */
const PieceSize = 16_000_000;

/** Saves what a route answers as a file. A link would send no Authorization header. */
async function download(parts, path, name, type, signal) {
  const buttons = [parts.status, parts.lines, parts.csv];
  for (const button of buttons) button.disabled = true;
  show(parts.error, false);
  try {
    const response = await send(path, { headers: { Accept: type }, signal });
    let pieces = [];
    let [bytes, kept] = [0, 0];
    for (const reader = response.body.getReader(); ;) {
      const { value, done } = await reader.read();
      if (done) break;
      pieces.push(value);
      bytes += value.length;
      if (bytes - kept >= PieceSize) [pieces, kept] = [[new Blob(pieces)], bytes];
      show(parts.loading, true);
      setText(parts.loading, `${integer(Math.ceil(bytes / 1000))} kB read`);
    }
    save(new Blob(pieces, { type }), name);
  } catch (error) {
    setText(parts.error, error.message);
    show(parts.error, true);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function save(content, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(content), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
