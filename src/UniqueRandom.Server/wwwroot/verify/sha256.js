/** The first 32 bits of the fractional part of a root of the first primes. */
const fractions = (count, root) => {
  const primes = [];
  for (let n = 2; primes.length < count; n++)
    if (primes.every(prime => n % prime))
      primes.push(n);
  return primes.map(prime => (root(prime) % 1) * 2 ** 32 | 0);
};

/** SHA-256 (FIPS 180-4) of bytes that come one after another. The browser's own hashes only what is all there. */
class Sha256 {
  static start = fractions(8, Math.sqrt);
  static rounds = fractions(64, Math.cbrt);

  constructor() {
    this.state = Int32Array.from(Sha256.start);
    this.words = new Int32Array(64);
    this.block = new Uint8Array(64);
    this.view = new DataView(this.block.buffer);
    this.length = 0;
  }

  /** Adds a text in ASCII. */
  add(text) {
    for (let i = 0; i < text.length; i++)
      this.addByte(text.charCodeAt(i));
  }

  addByte(byte) {
    this.block[this.length++ % 64] = byte;
    if (this.length % 64 === 0)
      this.mix();
  }

  /** Gets the hash in hexadecimal. Nothing can be added after it. */
  digest() {
    const bits = BigInt(this.length) * 8n;
    this.addByte(0x80);
    while (this.length % 64 !== 56)
      this.addByte(0);
    this.view.setBigUint64(56, bits);
    this.mix();
    return Array.from(this.state, word => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  mix() {
    const { state, words, view } = this;
    const turn = (word, count) => word >>> count | word << 32 - count;
    for (let i = 0; i < 16; i++)
      words[i] = view.getInt32(4 * i);
    for (let i = 16; i < 64; i++) {
      const [near, far] = [words[i - 2], words[i - 15]];
      words[i] = words[i - 16] + (turn(far, 7) ^ turn(far, 18) ^ far >>> 3)
        + words[i - 7] + (turn(near, 17) ^ turn(near, 19) ^ near >>> 10);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + Sha256.rounds[i] + words[i] | 0;
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, d + first | 0, c, b, a, first + second | 0];
    }
    const mixed = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++)
      state[i] += mixed[i];
  }
}
