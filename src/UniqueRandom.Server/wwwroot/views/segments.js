// The segments of a pool that was extended.

import { createParts, setText, show } from "../dom.js";
import { integer, percent, range } from "../format.js";

/** Returns an element for each segment; none if the pool was never extended. */
export const segmentsOf = ({ segments = [] }) => segments.map(createSegment);

function createSegment(segment) {
  const parts = createParts("segment");
  setText(parts.range, range(segment));
  const stored = segment.ready ? "" : `, ${percent(segment.seeded, segment.size)} stored`;
  setText(parts.place, `${segment.order}, from position ${integer(segment.first)}${stored}`);
  setText(parts.commitment, segment.commitment);
  show(parts.seedLine, segment.seed);
  setText(parts.seed, segment.seed ?? "");
  return parts.root;
}
