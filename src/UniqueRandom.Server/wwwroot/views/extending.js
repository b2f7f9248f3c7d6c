// Adds a segment to a pool.

import { pathOf, sendJson } from "../api.js";
import { createParts, setText, show } from "../dom.js";
import { countCodes, integer, parseInteger } from "../format.js";
import { createKey } from "./pending.js";

export function createExtending({ feed, signal }, pool) {
  const parts = createParts("extending");
  // The same until an answer has come: pressed twice, or after a lost answer, the pool is extended once.
  let key = createKey();
  let asked;

  function showSize() {
    const last = BigInt(feed.pools.get(pool).status.maximum);
    const maximum = parseInteger(parts.maximum.value);
    setText(parts.size, maximum !== null && maximum > last ? `${integer(maximum - last)} numbers more` : "");
  }

  async function extend(event) {
    event.preventDefault();
    const maximum = parseInteger(parts.maximum.value);
    if (maximum === null) return refuse("Enter a whole number, such as 200000.");
    const body = { maximum, order: parts.order.value || null };
    if (asked !== undefined && asked !== `${maximum} ${body.order}`) renew();
    asked = `${maximum} ${body.order}`;
    parts.extend.disabled = true;
    show(parts.error, false);
    try {
      feed.add(await sendJson(pathOf(pool, "extend"), { method: "POST", body, headers: { "Idempotency-Key": key }, signal }));
      renew();
      parts.form.reset();
      showSize();
    } catch (refusal) {
      refuse(refusal.message);
    } finally {
      parts.extend.disabled = false;
    }
  }

  function renew() {
    key = createKey();
    asked = undefined;
  }

  function refuse(message) {
    setText(parts.error, message);
    show(parts.error, true);
    parts.maximum.focus();
  }

  parts.form.addEventListener("submit", extend);
  parts.form.addEventListener("input", showSize);
  return {
    root: parts.root,
    show: ({ status }) => (status.state === "open" || status.state === "exhausted") && !hasAllCodes(status),
  };
}

/** The number of a code is below the count of its format. */
const hasAllCodes = ({ code, maximum }) => Boolean(code) && BigInt(maximum) + 1n >= countCodes(code);
