// Draws one or many numbers.

import { pathOf, sendJson } from "../api.js";
import { copy, createParts, setText, show } from "../dom.js";
import { integer, time } from "../format.js";
import { createKey, forget, pendingOf, remember } from "./pending.js";

const MostNumbers = 10_000;

/** With these answers nothing was drawn, and nothing will be: the next draw has another key. */
const isFinal = ({ status }) => [400, 404, 409, 422].includes(status);

/** The server has refused this request, so it has not drawn. It may have drawn for an earlier one with the same key. */
const isRefused = ({ type }) => type !== undefined && !["draw-in-doubt", "internal-error"].includes(type);

export function createDrawing({ caller, signal }, pool) {
  const parts = createParts("draw");
  let drawn;
  let isOpen = false;

  function showPending() {
    const pending = pendingOf(caller, pool);
    show(parts.form, isOpen || pending);
    show(parts.pending, pending);
    for (const input of [parts.count, parts.reference]) input.readOnly = Boolean(pending);
    setText(parts.draw, pending ? "Ask again" : "Draw");
    if (pending) [parts.count.value, parts.reference.value] = [String(pending.count), pending.reference ?? ""];
  }

  async function draw(event) {
    event.preventDefault();
    if (parts.draw.disabled) return;
    const pending = pendingOf(caller, pool);
    const asked = pending ?? readDraw(parts);
    show(parts.error, false);
    if (!asked) return refuse(`Enter how many numbers: 1 to ${integer(MostNumbers)}.`);
    remember(caller, pool, asked);
    parts.draw.disabled = true;
    try {
      const { key, ...body } = asked;
      showDrawn(await sendJson(pathOf(pool, "draws"), { method: "POST", body, headers: { "Idempotency-Key": key }, signal }));
      forget(caller, pool);
    } catch (error) {
      if (signal.aborted) return;
      if (isFinal(error) || (!pending && isRefused(error))) forget(caller, pool);
      refuse(error.message);
    } finally {
      parts.draw.disabled = false;
      showPending();
    }
  }

  function refuse(message) {
    setText(parts.error, message);
    show(parts.error, true);
  }

  function showDrawn(answer) {
    drawn = answer;
    const { first, count, numbers, codes } = answer;
    const isOne = count === 1;
    const one = codes ? codes[0] : integer(numbers[0]);
    setText(parts.number, isOne ? one : `${integer(count)} ${codes ? "codes" : "numbers"}`);
    const positions = isOne ? `position ${integer(first)}` : `positions ${integer(first)} to ${integer(first + count - 1)}`;
    const again = answer.replayed ? " · drawn before, answered again" : "";
    setText(parts.where, `${positions} · ${time(answer.drawnAt)} · on disk before you saw it${again}`);
    for (const part of [parts.result, parts.actions]) show(part, true);
    for (const part of [parts.many, parts.csvLabel]) show(part, !isOne);
    parts.text.value = textOf(answer, parts.csv.checked);
  }

  parts.form.addEventListener("submit", draw);
  // The second click of a double click, and a key that is held, mean the same draw.
  parts.draw.addEventListener("click", event => event.detail > 1 && event.preventDefault());
  parts.form.addEventListener("keydown", event => event.repeat && event.key === "Enter" && event.preventDefault());
  parts.csv.addEventListener("change", () => (parts.text.value = textOf(drawn, parts.csv.checked)));
  parts.copyDrawn.addEventListener("click", () => copy(textOf(drawn, parts.csv.checked), parts.copyDrawn));
  showPending();

  return {
    root: parts.root,
    /** A draw whose answer was lost can be asked for, and a result read, when the pool has ended. */
    show: ({ status }) => {
      isOpen = status.state === "open";
      show(parts.form, isOpen || pendingOf(caller, pool));
      return isOpen || Boolean(drawn) || Boolean(pendingOf(caller, pool));
    },
  };
}

function readDraw(parts) {
  const count = Number(parts.count.value.trim());
  const reference = parts.reference.value.trim() || null;
  return Number.isInteger(count) && count >= 1 && count <= MostNumbers ? { key: createKey(), count, reference } : null;
}

/** The codes, or the numbers without grouping, one on each line, for programs. */
function textOf({ first, count, numbers, codes }, isCsv) {
  if (count === 1 || !isCsv) return (codes ?? numbers).join("\n");
  const rows = numbers.map((number, i) => `${first + i},${number}${codes ? `,${field(codes[i])}` : ""}`);
  return [codes ? "position,number,code" : "position,number", ...rows].join("\n");
}

/** A field of CSV as the server writes it: no spreadsheet takes it for a formula. */
function field(code) {
  const text = /^[=+\-@]/.test(code) ? `'${code}` : code;
  return /[,"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
