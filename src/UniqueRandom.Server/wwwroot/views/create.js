// Creates a pool. Its page shows how far the seeding is.

import { pathOf, sendJson } from "../api.js";
import { createParts, setText, show } from "../dom.js";
import { integer, parseInteger } from "../format.js";

export function showCreation({ feed, caller, signal }) {
  const parts = createParts("new");
  const inputs = { pool: parts.pool, minimum: parts.minimum, maximum: parts.maximum, order: parts.order };
  parts.root.querySelector("h1").dataset.title = "New pool";

  function showSize() {
    const [minimum, maximum] = bounds(inputs);
    const isRange = minimum !== null && maximum !== null && minimum <= maximum;
    setText(parts.size, isRange ? `${integer(maximum - minimum + 1n)} numbers, each handed out once` : "");
  }

  async function create(event) {
    event.preventDefault();
    const [minimum, maximum] = bounds(inputs);
    for (const input of Object.values(inputs)) input.ariaInvalid = null;
    if (minimum === null || maximum === null)
      return refuse(minimum === null ? "minimum" : "maximum", "Enter a whole number, such as 100000.");
    parts.create.disabled = true;
    show(parts.error, false);
    try {
      const name = parts.pool.value.trim();
      feed.add(await sendJson(pathOf(name), { method: "PUT", body: { minimum, maximum, order: parts.order.value } }));
      if (!signal.aborted) location.hash = `#/pools/${encodeURIComponent(name)}`;
    } catch (refusal) {
      refuse(refusal.field ?? (refusal.type === "pool-exists" ? "pool" : null), refusal.message);
    } finally {
      parts.create.disabled = false;
    }
  }

  function refuse(field, message) {
    setText(parts.error, message);
    show(parts.error, true);
    if (!inputs[field]) return;
    inputs[field].ariaInvalid = "true";
    inputs[field].focus();
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

const bounds = ({ minimum, maximum }) => [minimum, maximum].map(({ value }) => parseInteger(value));
