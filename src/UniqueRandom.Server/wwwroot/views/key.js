// Asks for an access key.

import { accessKey } from "../api.js";
import { createParts, setText, show } from "../dom.js";

/** Headers can't have other characters. */
const VisibleAscii = /^[\x21-\x7e]+$/;

let asking;

/** Returns when a key was entered. Asks once, however often it is called meanwhile. */
export function askForKey(refusal, hadKey) {
  asking ??= ask(refusal, hadKey).finally(() => (asking = undefined));
  return asking;
}

function ask(refusal, hadKey) {
  const parts = createParts("key");
  const problem = refusal.status === 429 ? refusal.message : "The server does not know this access key.";
  show(parts.error, hadKey || refusal.status === 429);
  setText(parts.error, problem);
  document.body.append(parts.root);
  parts.root.showModal();
  // Nothing can be shown without a key.
  parts.root.addEventListener("cancel", event => event.preventDefault());
  return new Promise(resolve => parts.form.addEventListener("submit", event => {
    event.preventDefault();
    const key = parts.key.value.trim();
    if (!VisibleAscii.test(key)) {
      show(parts.error, true);
      setText(parts.error, "An access key consists of visible ASCII characters. This one has others: copy it again.");
      return;
    }
    accessKey.set(key);
    parts.root.remove();
    resolve();
  }));
}
