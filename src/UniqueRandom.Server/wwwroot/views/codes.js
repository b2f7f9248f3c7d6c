// Looks a code up as a person has typed it.

import { pathOf, sendJson } from "../api.js";
import { createParts, setText, show } from "../dom.js";
import { integer, time } from "../format.js";

export function createCodes({ signal }, pool) {
  const parts = createParts("codes");

  async function lookUp(event) {
    event.preventDefault();
    show(parts.error, false);
    show(parts.found, false);
    const code = parts.code.value.trim();
    try {
      // A segment of dots would be another path.
      if (/^\.*$/.test(code)) throw new Error("Enter a code.");
      setText(parts.found, describe(await sendJson(pathOf(pool, "codes", code), { signal })));
      show(parts.found, true);
    } catch (error) {
      setText(parts.error, error.message);
      show(parts.error, true);
    }
  }

  parts.form.addEventListener("submit", lookUp);
  return {
    root: parts.root,
    show: ({ status }) => {
      // Not guessesPerHit, which is not sent again with each draw.
      setText(parts.guesses, status.drawn > 0
        ? `It takes ${integer(BigInt(status.size) / BigInt(status.drawn))} guesses on average to find an issued code.`
        : "No code is issued yet.");
      return Boolean(status.code);
    },
  };
}

function describe({ code, issued, issuedAt, reference }) {
  if (!issued) return `${code} was not issued.`;
  return `${code} was issued ${time(issuedAt)}${reference === null ? "" : `, for ${reference}`}.`;
}
