// Creates a pool. Its page shows how far the seeding is.

import { pathOf, sendJson } from "../api.js";
import { createParts, setText, show } from "../dom.js";
import { countCodes, integer, parseInteger } from "../format.js";

export function showCreation({ feed, caller, signal }) {
  const parts = createParts("new");
  const inputs = {
    pool: parts.pool, minimum: parts.minimum, maximum: parts.maximum, order: parts.order, "code.alphabet": parts.alphabet,
    "code.length": parts.length, "code.group": parts.group, "code.prefix": parts.prefix, "code.check": parts.check,
  };
  parts.root.querySelector("h1").dataset.title = "New pool";

  function showSize() {
    const hasCodes = parts.alphabet.value !== "";
    show(parts.format, hasCodes);
    for (const part of [parts.range, parts.orderLabel, parts.orderRule]) show(part, !hasCodes);
    parts.maximum.required = parts.minimum.required = !hasCodes;
    const [minimum, maximum] = bounds(parts);
    const size = hasCodes ? sizeOfCodes(parts) : minimum !== null && maximum !== null ? maximum - minimum + 1n : 0n;
    setText(parts.size, size > 0n ? `${integer(size)} ${hasCodes ? "codes" : "numbers"}, each handed out once` : "");
  }

  async function create(event) {
    event.preventDefault();
    for (const input of Object.values(inputs)) input.ariaInvalid = null;
    const { body, missing } = readDefinition(parts);
    if (missing) return refuse(missing, "Enter a whole number, such as 100000.");
    parts.create.disabled = true;
    show(parts.error, false);
    try {
      const name = parts.pool.value.trim();
      feed.add(await sendJson(pathOf(name), { method: "PUT", body }));
      if (!signal.aborted) location.hash = `#/pools/${encodeURIComponent(name)}`;
    } catch (refusal) {
      refuse(refusal.field ?? (refusal.type === "pool-exists" ? "pool" : null), refusal.message);
    } finally {
      parts.create.disabled = false;
    }
  }

  function refuse(field, message) {
    const input = inputs[field];
    setText(parts.error, input && field.startsWith("code.") ? message.replace(field, labelOf(input)) : message);
    show(parts.error, true);
    if (!input) return;
    input.ariaInvalid = "true";
    input.focus();
  }

  if (!caller.roles.includes("admin")) {
    setText(parts.error, "Your access key may not create pools: it does not have the role admin.");
    show(parts.error, true);
    parts.create.disabled = true;
  }
  parts.form.addEventListener("submit", create);
  parts.form.addEventListener("input", showSize);
  return parts.root;
}

/** The label of an input in quotes, which is what people know it by. */
const labelOf = input => `'${input.labels[0].innerText.split(/[,\n]/)[0].trim()}'`;

const bounds = ({ minimum, maximum }) => [minimum, maximum].map(({ value }) => parseInteger(value));

/** Reads the body of the creation, or the name of the field that is not a whole number. */
function readDefinition(parts) {
  if (parts.alphabet.value === "") {
    const [minimum, maximum] = bounds(parts);
    const missing = minimum === null ? "minimum" : maximum === null ? "maximum" : null;
    return { body: { minimum, maximum, order: parts.order.value }, missing };
  }
  const [length, group] = [parts.length, parts.group].map(({ value }) => parseInteger(value.trim() || "0"));
  const missing = length === null ? "code.length" : group === null ? "code.group" : null;
  const code = {
    alphabet: parts.alphabet.value, length, group, prefix: parts.prefix.value.trim(), check: parts.check.checked,
  };
  return { body: { code }, missing };
}

function sizeOfCodes(parts) {
  const length = parseInteger(parts.length.value) ?? 0n;
  return length > 0n && length <= 62n ? countCodes({ alphabet: parts.alphabet.value, length }) : 0n;
}
