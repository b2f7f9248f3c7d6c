// The permutation made visible: position against number of what is drawn.

import { pathOf, sendJson } from "../api.js";
import { drawOrder } from "../chart.js";
import { createParts, setText } from "../dom.js";
import { integer } from "../format.js";
import { limited } from "./limited.js";

const Points = 2000;

/** How often a sample is read at most, in milliseconds. */
const Interval = 4000;

/** Whether so many more are drawn that there is another point to see. */
const isVisible = (drawn, shown) => Math.abs(Number(drawn) - Number(shown)) > Number(shown) / Points;

/** What else the plot of an honest order shows. */
function describeExceptions({ segments = [], imported }) {
  const squares = segments.length > 1 && "each segment fills its own square";
  const line = imported && "imported numbers are in ascending order";
  const text = [squares, line].filter(Boolean).join(", and ");
  return text && ` ${text[0].toUpperCase()}${text.slice(1)}.`;
}

export function createOrder({ signal }, pool) {
  const parts = createParts("order");
  const refresh = limited(Interval, read, signal, () => (shown = -1));
  let sample;
  let status;
  let shown = -1;

  async function read(path) {
    sample = await sendJson(path, { signal });
    paint();
  }

  function paint() {
    if (!sample) return;
    drawOrder(parts.canvas, sample, status);
    parts.canvas.ariaLabel = `Positions and numbers of ${integer(sample.positions.length)} of the ${integer(sample.drawn)} drawn `
      + `numbers. In an honest order they spread evenly.${describeExceptions(status)}`;
  }

  const colors = matchMedia("(prefers-color-scheme: dark)");
  colors.addEventListener("change", paint, { signal });
  const sizes = new ResizeObserver(paint);
  sizes.observe(parts.canvas);
  signal.addEventListener("abort", () => sizes.disconnect());

  return {
    root: parts.root,
    show: current => {
      status = current.status;
      if (status.state === "seeding") return false;
      setText(parts.exceptions, describeExceptions(status));
      if (shown < 0 || isVisible(status.drawn, shown)) {
        shown = status.drawn;
        refresh(`${pathOf(pool, "sample")}?points=${Points}`);
      }
      return true;
    },
  };
}
