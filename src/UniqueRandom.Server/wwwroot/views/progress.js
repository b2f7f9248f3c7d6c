// What a card and the page of a pool have in common: state, progress, pace and end.

import { drawPace } from "../chart.js";
import { setText, show } from "../dom.js";
import { integer, moment, pace, percent } from "../format.js";

const NearlyDrawn = 0.95;

/** Shows the state of a pool in the parts of its element. */
export function showProgress(parts, pool, now) {
  const { status } = pool;
  const isSeeding = status.state === "seeding";
  const [done, label] = isSeeding ? [status.seeded, "stored"] : [status.drawn, "drawn"];
  const share = percent(done, status.size);
  const isNearlyDrawn = status.state === "open" && pool.share >= NearlyDrawn;
  parts.root.dataset.state = isNearlyDrawn ? "nearly" : status.state;
  setText(parts.state, isNearlyDrawn ? `${share} drawn` : status.state);
  parts.bar.ariaValueNow = String(Math.floor(100 * pool.share));
  parts.bar.ariaValueText = `${share} ${label}`;
  parts.bar.ariaLabel = `${status.pool} ${label}`;
  parts.fill.style.inlineSize = `${100 * pool.share}%`;
  setText(parts.done, isSeeding ? share : integer(done));
  setText(parts.doneLabel, label);
  show(parts.rest, !isSeeding);
  setText(parts.left, integer(status.remaining));
  showPace(parts, pool, now);
}

/** Shows what changes with the time alone. */
export function showPace(parts, pool, now) {
  const isOpen = pool.status.state === "open";
  show(parts.chart, isOpen);
  if (isOpen) drawPace(parts.chart, pool.history);
  setText(parts.pace, isOpen ? pace(pool.pace) : "");
  setText(parts.end, endOf(pool, now));
}

function endOf(pool, now) {
  switch (pool.status.state) {
    case "open": return pool.secondsLeft < Infinity ? `ends ${moment(pool.secondsLeft, now)}` : "";
    case "seeding": return pool.status.seeded === 0 ? "the order is being shuffled" : "the order is being stored";
    default: return "seed revealed";
  }
}
