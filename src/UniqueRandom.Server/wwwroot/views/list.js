// All pools as cards, with totals, a filter and a sort order.

import { copy, createParts, setText } from "../dom.js";
import { integer, moment, pace, range } from "../format.js";
import { showPace, showProgress } from "./progress.js";

const SettingsItem = "uniquerandom.list";

/** The cards of a sort order that changes by itself move only now and then, and not under the pointer. */
const SortSeconds = 5;

const Orders = {
  name: (a, b) => (a.name < b.name ? -1 : 1),
  end: (a, b) => a.secondsLeft - b.secondsLeft,
  share: (a, b) => b.share - a.share,
  pace: (a, b) => b.pace - a.pace,
  new: (a, b) => (a.status.createdAt < b.status.createdAt ? 1 : -1),
};

export function showList({ feed, signal }) {
  const parts = createParts("list");
  const cards = new Map();
  let ticks = 0;
  restore(parts);

  function arrange() {
    const text = parts.filter.value.trim().toLowerCase();
    const order = Orders[parts.sort.value];
    const found = [...feed.pools.values()].filter(pool => pool.name.includes(text));
    found.sort((a, b) => order(a, b) || Orders.name(a, b));
    for (const name of cards.keys()) if (!feed.pools.has(name)) cards.delete(name);
    parts.cards.replaceChildren(...found.map(pool => cardOf(pool).root));
    const all = feed.pools.size;
    const pools = all === 1 ? "1 pool" : `${integer(all)} pools`;
    setText(parts.count, found.length === all ? pools : `${integer(found.length)} of ${pools}`);
  }

  /** After a failover, the name may be that of another pool. */
  const hasCard = pool => cards.get(pool.name)?.pool === pool.status.commitment;

  function cardOf(pool) {
    if (!hasCard(pool)) cards.set(pool.name, createCard(feed, pool));
    return cards.get(pool.name);
  }

  function refresh(names) {
    const changed = (names ?? [...feed.pools.keys()]).map(name => feed.pools.get(name)).filter(Boolean);
    const isNew = names === null || !changed.every(hasCard);
    for (const pool of changed) showProgress(cardOf(pool), pool, feed.pools.now);
    if (isNew) arrange();
    showTotals(parts, feed.pools);
  }

  function tick() {
    for (const pool of feed.pools.values()) if (cards.has(pool.name)) showPace(cards.get(pool.name), pool, feed.pools.now);
    showTotals(parts, feed.pools);
    const isStill = !parts.cards.matches(":hover, :focus-within");
    if (parts.sort.value !== "name" && ++ticks % SortSeconds === 0 && isStill) arrange();
  }

  parts.tools.addEventListener("input", () => {
    sessionStorage.setItem(SettingsItem, JSON.stringify([parts.filter.value, parts.sort.value]));
    arrange();
  });
  parts.tools.addEventListener("submit", event => event.preventDefault());
  feed.addEventListener("change", ({ detail }) => refresh(detail), { signal });
  feed.addEventListener("tick", tick, { signal });
  if (feed.pools.isKnown) refresh(null);
  return parts.root;
}

function restore(parts) {
  const [filter, sort] = JSON.parse(sessionStorage.getItem(SettingsItem) ?? '["", "name"]');
  parts.filter.value = filter;
  parts.sort.value = sort;
}

function createCard(feed, pool) {
  const parts = createParts("card");
  const { commitment } = pool.status;
  setText(parts.name, pool.name);
  parts.name.href = `#/pools/${encodeURIComponent(pool.name)}`;
  setText(parts.range, range(pool.status));
  setText(parts.commitment, `${commitment.slice(0, 8)}…${commitment.slice(-7)}`);
  parts.copy.ariaLabel = `Copy the commitment of ${pool.name}`;
  parts.copy.addEventListener("click", () => copy(commitment, parts.copy));
  showProgress(parts, pool, feed.pools.now);
  return { ...parts, pool: commitment };
}

function showTotals(parts, pools) {
  const all = [...pools.values()];
  const next = all.reduce((first, pool) => (pool.secondsLeft < (first?.secondsLeft ?? Infinity) ? pool : first), null);
  const numbers = all.reduce((sum, pool) => sum + pool.pace, 0);
  setText(parts.drawn, integer(all.reduce((sum, pool) => sum + BigInt(pool.status.drawn), 0n)));
  setText(parts.pace, numbers === 0 ? integer(0) : pace(numbers).replace(" a second", ""));
  setText(parts.next, next ? `${next.name}, ${moment(next.secondsLeft, pools.now)}` : "none");
}
