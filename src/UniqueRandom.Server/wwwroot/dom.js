// Reads and fills the templates of index.html. Text of others only ever becomes text.

/** Creates the element of a template. */
export function create(template) {
  return document.getElementById(template).content.firstElementChild.cloneNode(true);
}

/** Finds the parts of an element by their attribute data-part. */
export function partsOf(element) {
  const parts = { root: element };
  for (const part of element.querySelectorAll("[data-part]")) parts[part.dataset.part] = part;
  return parts;
}

/** Creates the element of a template, and finds its parts. */
export const createParts = template => partsOf(create(template));

/** Sets the text of an element, and leaves it alone if it is the same: a selection in it stays. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows an element if a condition holds. By its attribute, because elements of SVG have no property for it. */
export function show(element, condition) {
  element.toggleAttribute("hidden", !condition);
}

/** Copies text to the clipboard, and says so on the button for a moment. */
export async function copy(text, button) {
  // The clipboard API exists on HTTPS and on localhost only, and may be forbidden there.
  const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (!isCopied) copyBySelection(text);
  const label = button.textContent;
  button.textContent = "Copied";
  button.disabled = true;
  setTimeout(() => {
    button.textContent = label;
    button.disabled = false;
  }, 1200);
}

function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "offscreen";
  const focused = document.activeElement;
  // Inside an open dialog, because nothing outside of it can have the focus.
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  focused?.focus();
}
