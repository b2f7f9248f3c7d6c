// The page of a pool.

import { pathOf, sendJson } from "../api.js";
import { copy, create, createParts, setText, show } from "../dom.js";
import { dateAndTime, integer, pattern, range } from "../format.js";
import { createAudit } from "./audit.js";
import { createClosing } from "./closing.js";
import { createCodes } from "./codes.js";
import { createDrawing } from "./draw.js";
import { createExtending } from "./extending.js";
import { createLatest } from "./latest.js";
import { createOrder } from "./order.js";
import { showPace, showProgress } from "./progress.js";
import { segmentsOf } from "./segments.js";

const check = "download the status and the log, and check the order on the page Verify.";

const proofs = {
  seeding: "The commitment fixes the order before the first draw.",
  open: "The commitment fixes the order. When the pool ends, ",
  closed: `The seed is public: ${check}`,
  exhausted: `All numbers are drawn and the seed is public: ${check}`,
};

const proofOfExtended = "Each commitment fixes the order of its segment. When the segment is drawn, or the pool is closed, ";

const reveal = "its seed is revealed, and anyone can check the order.";
const revealOfCodes = "access keys with the role admin see its seed and can check the order.";

/** Whoever has the seed of a pool with codes can compute them, so events don't have it. */
const secret = "The seed gives away all codes, so only access keys with the role admin see it.";

export function showPool(context, name) {
  const { feed, signal } = context;
  const holder = document.createElement("div");
  let page;

  function refresh(names) {
    const pool = feed.pools.get(name);
    if (!pool) {
      if (feed.pools.isKnown) holder.replaceChildren(create("missing"));
      page = undefined;
      return;
    }
    // After a failover, the name may be that of another pool.
    if (page?.commitment !== pool.status.commitment) {
      page = createPage(context, pool);
      holder.replaceChildren(page.root);
    }
    if (names === null || names.includes(name)) page.show(pool);
  }

  feed.addEventListener("change", ({ detail }) => refresh(detail), { signal });
  feed.addEventListener("tick", () => page?.tick(feed.pools.get(name)), { signal });
  refresh(null);
  return holder;
}

function createPage(context, pool) {
  const { feed, caller, signal } = context;
  const parts = createParts("pool");
  const title = parts.root.querySelector("h1");
  title.dataset.title = pool.name;
  document.title = `${pool.name} · UniqueRandom`;
  setText(parts.name, pool.name);
  showFacts(parts, pool.status);
  parts.copy.addEventListener("click", () => copy(pool.status.commitment, parts.copy));

  const [mayDraw, mayLookUp, mayAudit] = ["draw", "lookup", "admin"].map(role => caller.roles.includes(role));
  const sections = [
    mayDraw && [parts.drawing, createDrawing(context, pool.name)],
    mayAudit && [parts.latest, createLatest(context, pool.name)],
    mayAudit && [parts.order, createOrder(context, pool.name)],
    mayLookUp && [parts.codes, createCodes(context, pool.name)],
    mayAudit && [parts.audit, createAudit(context, pool.name)],
    mayAudit && [parts.extending, createExtending(context, pool.name)],
    mayAudit && [parts.closing, createClosing(context, pool.name)],
  ].filter(Boolean);
  for (const [place, section] of sections) place.replaceChildren(section.root);
  show(parts.roles, !mayDraw || !mayAudit || (pool.status.code && !mayLookUp));
  setText(parts.roles, `The access key ${caller.name} has the role ${caller.roles.join(" and ")}: `
    + "what needs another role is not shown.");

  /** The state in which the seed was asked for. */
  let asked;
  async function showSecretSeed({ state, code }) {
    if (!code || !mayAudit || !["closed", "exhausted"].includes(state) || state === asked) return;
    asked = state;
    const status = await sendJson(pathOf(pool.name), { signal }).catch(() => (asked = undefined));
    if (status) showSeed(parts, status);
  }

  return {
    root: parts.root,
    commitment: pool.status.commitment,
    show(current) {
      showProgress(parts, current, feed.pools.now);
      showFacts(parts, current.status);
      showSecretSeed(current.status);
      for (const [place, section] of sections) show(place, section.show(current) !== false);
    },
    tick(current) {
      if (current) showPace(parts, current, feed.pools.now);
    },
  };
}

function showFacts(parts, status) {
  setText(parts.range, range(status));
  setText(parts.kind, status.order);
  for (const part of [parts.codeLabel, parts.code]) show(part, status.code);
  setText(parts.code, status.code ? pattern(status.code) : "");
  for (const part of [parts.importedLabel, parts.imported]) show(part, status.imported);
  setText(parts.imported, status.imported ? imported(status) : "");
  setText(parts.created, dateAndTime(status.createdAt));
  show(parts.closedLabel, status.closedAt);
  show(parts.closed, status.closedAt);
  setText(parts.closed, status.closedAt ? dateAndTime(status.closedAt) : "");
  setText(parts.commitment, status.commitment);
  if (status.seed || !status.code) showSeed(parts, status);
  const segments = segmentsOf(status);
  show(parts.segmentsLabel, segments.length);
  show(parts.segmentsRow, segments.length);
  parts.segments.replaceChildren(...segments);
  const hasEnded = status.state === "closed" || status.state === "exhausted";
  const proof = status.state === "open" ? promise(status, segments.length > 0) : proofs[status.state];
  setText(parts.proof, status.code && hasEnded ? secret : proof);
}

const promise = ({ code }, isExtended) => (isExtended ? proofOfExtended : proofs.open) + (code ? revealOfCodes : reveal);

const imported = ({ imported: count, importedSha256 }) =>
  `${integer(count)} ${count === 1 ? "number" : "numbers"}, SHA-256 ${importedSha256}`;

function showSeed(parts, { seed }) {
  show(parts.seedLabel, seed);
  show(parts.seedRow, seed);
  setText(parts.seed, seed ?? "");
}
