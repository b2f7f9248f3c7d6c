// Draws whose answer has not come. They survive a reload, so that the same draw is asked for again.

/** An Idempotency-Key is one draw for one access key. */
const item = (caller, pool) => `uniquerandom.draw.${caller.name ?? ""}.${pool}`;

/** Returns { key, count, reference } of a pool, or null. */
export const pendingOf = (caller, pool) => JSON.parse(sessionStorage.getItem(item(caller, pool)));

export function remember(caller, pool, draw) {
  sessionStorage.setItem(item(caller, pool), JSON.stringify(draw));
}

export function forget(caller, pool) {
  sessionStorage.removeItem(item(caller, pool));
}

/** Creates an Idempotency-Key. crypto.randomUUID exists on HTTPS and on localhost only. */
export function createKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
}
