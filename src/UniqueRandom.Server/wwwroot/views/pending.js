// Draws whose answer has not come. They survive a reload, so that the same draw is asked for again.

const item = pool => `uniquerandom.draw.${pool}`;

/** Returns { key, count, reference } of a pool, or null. */
export const pendingOf = pool => JSON.parse(sessionStorage.getItem(item(pool)));

export function remember(pool, draw) {
  sessionStorage.setItem(item(pool), JSON.stringify(draw));
}

export function forget(pool) {
  sessionStorage.removeItem(item(pool));
}

/** Creates an Idempotency-Key. crypto.randomUUID exists on HTTPS and on localhost only. */
export function createKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
}
