/** The tables of AES: the S-box combined with the columns of MixColumns, and the S-box alone. */
function aesTables() {
  const sbox = new Uint8Array(256);
  // p runs through the powers of 3 in GF(2^8), and q through their inverses.
  let p = 1;
  let q = 1;
  do {
    p ^= p << 1 ^ (p & 0x80 ? 0x11b : 0);
    p &= 0xff;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if (q & 0x80)
      q ^= 0x09;
    const doubled = q | q << 8;
    sbox[p] = 0x63 ^ q ^ doubled >> 7 ^ doubled >> 6 ^ doubled >> 5 ^ doubled >> 4;
  } while (p !== 1);
  sbox[0] = 0x63;
  const mixed = Array.from({ length: 4 }, () => new Uint32Array(256));
  for (let x = 0; x < 256; x++) {
    const s = sbox[x];
    const twice = s << 1 ^ (s & 0x80 ? 0x11b : 0);
    const column = (twice << 24 | s << 16 | s << 8 | twice ^ s) >>> 0;
    for (let row = 0; row < 4; row++)
      mixed[row][x] = row ? column >>> 8 * row | column << 32 - 8 * row : column;
  }
  return { sbox, mixed };
}

/**
 * AES-256 (FIPS 197) for one block at a time. Browsers encrypt many blocks at once only in modes that chain or count, and the
 * computed order needs neither.
 */
class Aes {
  static tables = null;

  constructor(key) {
    const { sbox } = Aes.tables ??= aesTables();
    const words = new DataView(key.buffer, key.byteOffset);
    const substituted = word =>
      sbox[word >>> 24] << 24 | sbox[word >>> 16 & 255] << 16 | sbox[word >>> 8 & 255] << 8 | sbox[word & 255];
    this.schedule = new Uint32Array(60);
    for (let i = 0, constant = 1; i < 60; i++) {
      if (i < 8) {
        this.schedule[i] = words.getUint32(4 * i);
        continue;
      }
      let word = this.schedule[i - 1];
      if (i % 8 === 0) {
        word = substituted(word << 8 | word >>> 24) ^ constant << 24;
        constant <<= 1;
      } else if (i % 8 === 4) {
        word = substituted(word);
      }
      this.schedule[i] = this.schedule[i - 8] ^ word;
    }
  }

  /** Encrypts four big-endian words in place. */
  encrypt(block) {
    const { sbox, mixed: [t0, t1, t2, t3] } = Aes.tables;
    const { schedule } = this;
    let [a, b, c, d] = block;
    a ^= schedule[0];
    b ^= schedule[1];
    c ^= schedule[2];
    d ^= schedule[3];
    let k = 4;
    for (let round = 1; round < 14; round++, k += 4) {
      const e = t0[a >>> 24] ^ t1[b >>> 16 & 255] ^ t2[c >>> 8 & 255] ^ t3[d & 255] ^ schedule[k];
      const f = t0[b >>> 24] ^ t1[c >>> 16 & 255] ^ t2[d >>> 8 & 255] ^ t3[a & 255] ^ schedule[k + 1];
      const g = t0[c >>> 24] ^ t1[d >>> 16 & 255] ^ t2[a >>> 8 & 255] ^ t3[b & 255] ^ schedule[k + 2];
      d = t0[d >>> 24] ^ t1[a >>> 16 & 255] ^ t2[b >>> 8 & 255] ^ t3[c & 255] ^ schedule[k + 3];
      a = e;
      b = f;
      c = g;
    }
    const last = (w, x, y, z, key) =>
      (sbox[w >>> 24] << 24 | sbox[x >>> 16 & 255] << 16 | sbox[y >>> 8 & 255] << 8 | sbox[z & 255]) ^ key;
    block[0] = last(a, b, c, d, schedule[56]);
    block[1] = last(b, c, d, a, schedule[57]);
    block[2] = last(c, d, a, b, schedule[58]);
    block[3] = last(d, a, b, c, schedule[59]);
  }
}
