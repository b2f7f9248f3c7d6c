/** Ends the reading of a log when all imported numbers are read. */
const COMPLETE = Symbol('complete');

/** The imported numbers of a segment, which don't follow from the seed: they are taken from the log. */
class ImportedNumbers {
  constructor(segment) {
    this.segment = segment;
    this.bits = new Uint8Array(Math.ceil(segment.size / 8));
    this.hash = new Sha256();
    this.count = 0;
    this.previous = null;
    /** All positions are the same to it. */
    this.end = Infinity;
  }

  /** Returns why a number is not the next one, COMPLETE if it is the last one, or null. */
  refute(_, number) {
    const { minimum, maximum, range, imported } = this.segment;
    if (number < minimum || number > maximum)
      return `the range is ${range}`;
    if (this.previous !== null && number <= this.previous)
      return 'the imported numbers are in ascending order';
    this.previous = number;
    const offset = Number(typeof number === typeof minimum ? number - minimum : BigInt(number) - BigInt(minimum));
    this.bits[offset >> 3] |= 1 << (offset & 7);
    this.hash.add(`${number}\n`);
    if (++this.count < imported.count)
      return null;
    const sha256 = this.hash.digest();
    return sha256 === imported.sha256 ? COMPLETE : `the imported numbers have the SHA-256 ${sha256}, not ${imported.sha256}`;
  }

  /** Writes the offsets of the numbers, ascending, and behind them all others, ascending. */
  fill(offsets) {
    for (let offset = 0, next = 0, other = this.count; offset < offsets.length; offset++)
      offsets[this.bits[offset >> 3] >> (offset & 7) & 1 ? next++ : other++] = offset;
  }
}
