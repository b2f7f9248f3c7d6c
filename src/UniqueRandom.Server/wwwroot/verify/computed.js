/** The computed order, version 1, as DESIGN.md specifies it: FF1 with AES-256, radix 2 and an empty tweak, and cycle walking. */
class ComputedOrder {
  constructor({ seed, size }) {
    this.size = size;
    const bits = (BigInt(size) - 1n).toString(2).length;
    this.leftBits = bits >> 1;
    this.rightBits = bits - this.leftBits;
    this.aes = new Aes(seed);
    // SP 800-38G, algorithm 7, step 5.
    this.mac = Uint32Array.of(0x01020100, 0x0002 << 16 | 10 << 8 | this.leftBits, bits, 0);
    this.aes.encrypt(this.mac);
    this.block = new Uint32Array(4);
    this.isNumber = typeof size === 'number';
  }

  /** The offset at a position. */
  at(position) {
    let value = position;
    do
      value = this.encrypt(value);
    while (value >= this.size);
    return value;
  }

  encrypt(value) {
    const { leftBits, rightBits, isNumber } = this;
    const weight = 2 ** rightBits;
    let left = isNumber ? Math.floor(value / weight) : Number(BigInt(value) / BigInt(weight));
    let right = isNumber ? value % weight : Number(BigInt(value) % BigInt(weight));
    for (let round = 0; round < 10; round++) {
      const sum = left + this.word(round, right);
      left = right;
      right = sum % 2 ** (round % 2 ? rightBits : leftBits);
    }
    return isNumber ? left * weight + right : BigInt(left) * BigInt(weight) + BigInt(right);
  }

  /** The last 32 bits of the pseudorandom number of a round: the halves have no more. */
  word(round, half) {
    const { block, mac } = this;
    const shift = Math.ceil(this.rightBits / 8) * 8;
    block[0] = mac[0];
    block[1] = mac[1];
    block[2] = shift === 32 ? mac[2] ^ round : mac[2];
    block[3] = mac[3] ^ half ^ (shift === 32 ? 0 : round << shift);
    this.aes.encrypt(block);
    return block[1];
  }
}
