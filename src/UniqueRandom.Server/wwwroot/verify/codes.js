const ALPHABETS = new Map([
  ['digits', '0123456789'],
  ['hex', '0123456789ABCDEF'],
  ['crockford32', '0123456789ABCDEFGHJKMNPQRSTVWXYZ'],
  ['letters', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['no-vowels', 'BCDFGHJKLMNPQRSTVWXZ'],
]);

/** How numbers are written as codes. */
class CodeFormat {
  constructor({ alphabet, length, prefix = '', group = 0, check = false }) {
    this.characters = ALPHABETS.get(alphabet.toLowerCase()) ?? alphabet;
    Object.assign(this, { alphabet, length, prefix, group, check, size: this.characters.length });
  }

  isValidFor(minimum, maximum) {
    const { characters, alphabet, size, length, prefix, group, check } = this;
    const isAlphabet = characters !== alphabet || /^[!-~]{2,64}$/.test(alphabet) && !/[-/%_.]/.test(alphabet)
      && new Set(alphabet).size === size && !/^base[0-9]*$/i.test(alphabet);
    return isAlphabet && length >= 1 && length <= 62 && /^[!-$&-.0-~]{0,32}$/.test(prefix) && group >= 0 && group <= length
      && !(check && size % 2) && BigInt(size) ** BigInt(length) < 2n ** 63n
      && minimum >= 0 && maximum < BigInt(size) ** BigInt(length);
  }

  write(number) {
    const { characters, size, length, prefix, group, check } = this;
    const values = [];
    for (let place = length - 1, rest = number; place >= 0; place--) {
      values[place] = Number(rest % (typeof rest === 'bigint' ? BigInt(size) : size));
      rest = typeof rest === 'bigint' ? exact(rest / BigInt(size)) : Math.floor(rest / size);
    }
    if (check)
      values.push(this.checkOf(values));
    let code = prefix;
    for (let place = 0; place < values.length; place++)
      code += (group && place && place % group === 0 ? '-' : '') + characters[values[place]];
    return code;
  }

  /** ISO/IEC 7064, hybrid system MOD N+1,N. */
  checkOf(values) {
    const { size } = this;
    let product = size;
    for (const value of values)
      product = 2 * ((product + value) % size || size) % (size + 1);
    return (size + 1 - product) % size;
  }
}

/** Compares the codes of a log with those of its numbers. */
class AuditedCodes {
  constructor(format) {
    this.format = format;
    this.found = 0;
  }

  /** Returns how the code that a log has for a number differs, or null. */
  refute(number, written) {
    this.found++;
    const code = this.format?.write(number) ?? written;
    // In CSV, an apostrophe precedes what a spreadsheet would interpret as a formula.
    return written === code || /^[=+\-@]/.test(code) && written === `'${code}`
      ? null
      : `the log has the code ${written}, and the code of ${number} is ${code}`;
  }

  described(count) {
    if (!this.format)
      return this.found ? ' The codes were not compared: their format is not given.' : '';
    if (!count)
      return '';
    if (!this.found)
      return ' The log has no codes.';
    return this.found === count
      ? ' Each code is that of its number.'
      : ` The log has only ${grouped(this.found)} codes, and each is that of its number.`;
  }
}
