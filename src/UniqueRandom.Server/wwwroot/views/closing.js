// Closes a pool, after its name was typed.

import { pathOf, sendJson } from "../api.js";
import { createParts, setText, show } from "../dom.js";
import { integer } from "../format.js";

/** What closing does. The seed of a pool with codes gives away all of them. */
const consequence = code => "Closing is permanent. Nothing more can be drawn, " + (code
  ? "the codes that are left are discarded, and access keys with the role admin see the seed and can check the order."
  : "the numbers that are left are discarded, and the seed becomes public, so that anyone can check the order.");

export function createClosing({ feed, signal }, pool) {
  const parts = createParts("closing");
  setText(parts.name, pool);

  function open() {
    const { remaining, code } = feed.pools.get(pool).status;
    const left = `${integer(remaining)} ${code ? "codes" : "numbers"} are left`;
    setText(parts.meaning, `${left}, and none of them will ever be drawn. This can't be undone.`);
    parts.typed.value = "";
    parts.close.disabled = true;
    show(parts.error, false);
    parts.dialog.showModal();
  }

  async function close(event) {
    event.preventDefault();
    if (parts.typed.value !== pool) return;
    parts.close.disabled = true;
    try {
      await sendJson(pathOf(pool, "close"), { method: "POST", signal });
      parts.dialog.close();
    } catch (error) {
      setText(parts.error, error.message);
      show(parts.error, true);
      parts.close.disabled = false;
    }
  }

  parts.open.addEventListener("click", open);
  parts.cancel.addEventListener("click", () => parts.dialog.close());
  parts.typed.addEventListener("input", () => (parts.close.disabled = parts.typed.value !== pool));
  parts.form.addEventListener("submit", close);
  return {
    root: parts.root,
    show: ({ status }) => {
      setText(parts.consequence, consequence(status.code));
      const canClose = status.state === "open" || status.state === "exhausted";
      // Somebody else may have closed the pool.
      if (!canClose) parts.dialog.close();
      return canClose;
    },
  };
}
