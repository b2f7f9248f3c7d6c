// The latest draws of a pool.

import { parse, pathOf, send } from "../api.js";
import { createParts, setText, show } from "../dom.js";
import { integer, plus, time } from "../format.js";
import { limited } from "./limited.js";

const Rows = 8;

/** A row of more numbers shows how many they are. Codes are longer: a row shows the first one, and how many follow. */
const MostShown = 3;

/** How many positions are read, so that it costs little; and how many if these are of too few draws. One draw may have 10,000. */
const Positions = [200, 10_001];

/** How often the log is read at most, in milliseconds. */
const Interval = 1000;

export function createLatest({ signal }, pool) {
  const parts = createParts("latest");
  let shown;
  const refresh = limited(Interval, async drawn => showRows(parts, await readLatest(pool, drawn, signal)), signal, () => {
    shown = undefined;
  });

  return {
    root: parts.root,
    show: ({ status }) => {
      if (status.state === "seeding") return false;
      setText(parts.drawn, status.code ? "code" : "number");
      parts.root.classList.toggle("codes", Boolean(status.code));
      if (status.drawn !== shown) refresh((shown = status.drawn));
      return true;
    },
  };
}

async function readLatest(pool, drawn, signal) {
  let rows = [];
  for (const positions of Positions) {
    const start = drawn > positions ? plus(drawn, -positions) : 0;
    if (drawn > 0) rows = await readFrom(start, pool, signal);
    // The first row may have begun before.
    if (start > 0) rows.shift();
    if (start === 0 || rows.length >= Rows) break;
  }
  return rows.slice(-Rows).reverse();
}

async function readFrom(start, pool, signal) {
  const after = start > 0 ? `?after=${plus(start, -1)}` : "";
  const response = await send(`${pathOf(pool, "draws")}${after}`, { signal });
  return (await response.text()).split("\n").filter(Boolean).map(parse);
}

function describe({ count, codes, numbers }) {
  if (count > MostShown) return `${integer(count)} ${codes ? "codes" : "numbers"}`;
  return codes ? codes[0] + (count > 1 ? ` +${count - 1}` : "") : numbers.map(integer).join(" · ");
}

function showRows(parts, rows) {
  show(parts.none, rows.length === 0);
  parts.rows.replaceChildren(...rows.map(draw => {
    const row = createParts("row");
    const last = plus(draw.first, draw.count - 1);
    setText(row.position, draw.count === 1 ? integer(last) : `${integer(draw.first)} – ${integer(last)}`);
    setText(row.number, describe(draw));
    setText(row.reference, draw.reference ?? "–");
    setText(row.caller, draw.caller ?? "–");
    setText(row.time, time(draw.drawnAt));
    return row.root;
  }));
}
