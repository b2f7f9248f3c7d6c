/** The order of a pool, computed for one segment at a time: the positions of a log ascend. */
class PoolOrder {
  constructor(segments, progress) {
    this.segments = segments;
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
      this.order = segment.order === 'computed' ? new ComputedOrder(segment) : await shuffle(segment, this.progress);
  }

  /** The segment of the last position. */
  get segment() {
    return this.segments[this.current];
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
