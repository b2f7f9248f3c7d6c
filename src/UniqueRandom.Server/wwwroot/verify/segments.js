/** The order of a pool, computed for one segment at a time: the positions of a log ascend. */
class PoolOrder {
  constructor(segments, imported, progress) {
    this.segments = segments;
    this.imported = imported;
    this.progress = progress;
    this.current = -1;
    this.first = this.end = 0;
  }

  /** Computes the order of the segment that has a position. */
  async moveTo(position) {
    while (position >= this.end) {
      this.order = null;
      const segment = this.segments[++this.current];
      this.first = this.end;
      this.end = exact(BigInt(this.end) + BigInt(segment.size));
      this.minimum = segment.minimum;
      this.isNumber = typeof segment.minimum === 'number' && typeof segment.maximum === 'number';
    }
    const segment = this.segments[this.current];
    if (segment.seed)
      this.order = segment.order === 'computed' ? new ComputedOrder(segment) : await this.shuffle(segment);
  }

  shuffle(segment) {
    return shuffle(segment, segment.imported ? this.imported : null, this.progress);
  }

  /** Returns which number is at a position instead of another; null if it is the same, or unknown and in the range. */
  refute(position, number) {
    // These are compared already.
    if (this.imported && position < this.imported.count)
      return null;
    const expected = this.at(position);
    if (expected !== null)
      return number === expected ? null : `the permutation ${expected}`;
    const { minimum, maximum, range } = this.segments[this.current];
    return number >= minimum && number <= maximum ? null : `the range of the segment is ${range}`;
  }

  /** The number at a position of the current segment; null if its seed is not revealed. */
  at(position) {
    const { first, minimum, order } = this;
    if (order === null)
      return null;
    const isNear = typeof position === 'number' && typeof first === 'number';
    const offset = order.at(isNear ? position - first : exact(BigInt(position) - BigInt(first)));
    const isSum = this.isNumber && typeof offset === 'number';
    return isSum ? minimum + offset : exact(BigInt(minimum) + BigInt(offset));
  }
}
