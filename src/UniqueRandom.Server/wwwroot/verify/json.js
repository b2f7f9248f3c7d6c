/**
 * Reads JSON as strictly as verify.cs. JSON.parse rounds long integers and hides duplicate properties. A line break must follow
 * the text: it ends every loop, because JSON in one line contains none.
 */
class Scanner {
  /** @param names The properties that are read, in ASCII. @param folds Whether their case is ignored. */
  constructor(names, folds) {
    this.names = names.map(bytesOf);
    this.folds = folds;
  }

  start(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  fail() {
    throw new SyntaxError('This is not the expected JSON.');
  }

  space() {
    while (this.bytes[this.at] === 32 || this.bytes[this.at] === 9)
      this.at++;
  }

  has(byte) {
    this.space();
    if (this.bytes[this.at] !== byte)
      return false;
    this.at++;
    return true;
  }

  take(byte) {
    if (!this.has(byte))
      this.fail();
  }

  /** Reads an object, and calls `read` with the index of each known property, at its value. */
  object(read, depth = 1) {
    let seen = 0;
    this.take(123);
    if (this.has(125))
      return seen;
    do {
      const index = this.name();
      this.take(58);
      this.space();
      if (index < 0) {
        this.skip(depth);
      } else {
        if (seen & 1 << index)
          this.fail();
        seen |= 1 << index;
        read(index);
      }
    } while (this.has(44));
    this.take(125);
    return seen;
  }

  name() {
    this.space();
    const { bytes, at } = this;
    if (!this.passString())
      return this.indexOf(bytes, at + 1, this.at - 1);
    const name = bytesOf(this.unescaped(at));
    return this.indexOf(name, 0, name.length);
  }

  indexOf(bytes, from, to) {
    for (let index = 0; index < this.names.length; index++)
      if (this.equals(this.names[index], bytes, from, to))
        return index;
    return -1;
  }

  equals(name, bytes, from, to) {
    if (name.length !== to - from)
      return false;
    for (let i = 0; i < name.length; i++)
      if (bytes[from + i] !== name[i] && !(this.folds && bytes[from + i] === name[i] - 32))
        return false;
    return true;
  }

  string() {
    const { at } = this;
    this.passString();
    return this.unescaped(at);
  }

  unescaped(from) {
    const text = JSON.parse(textOf(this.bytes.subarray(from, this.at)));
    return text.isWellFormed() ? text : this.fail();
  }

  /** Passes a string, and returns whether it has escapes. */
  passString() {
    const { bytes } = this;
    let { at } = this;
    let isEscaped = false;
    if (bytes[at++] !== 34)
      this.fail();
    for (let byte = bytes[at++]; byte !== 34; byte = bytes[at++]) {
      if (byte < 32)
        this.fail();
      if (byte === 92) {
        isEscaped = true;
        at += this.escapeLength(at);
      }
    }
    this.at = at;
    return isEscaped;
  }

  /** How many bytes behind a backslash belong to it. */
  escapeLength(at) {
    const escape = String.fromCharCode(...this.bytes.subarray(at, at + 5));
    return /^["\\/bfnrt]/.test(escape) ? 1 : /^u[0-9a-fA-F]{4}/.test(escape) ? 5 : this.fail();
  }

  integer() {
    const from = this.at;
    const value = this.signed();
    const digits = this.bytes[from] === 45 ? from + 1 : from;
    return this.bytes[digits] === 48 && this.at > digits + 1 ? this.fail() : value;
  }

  /** Reads a signed 64-bit integer that may start with zeros. */
  signed() {
    const { bytes, at: from } = this;
    const isNegative = bytes[from] === 45;
    let at = isNegative ? from + 1 : from;
    let value = 0;
    const digits = at;
    for (; isDigit(bytes[at]); at++)
      value = value * 10 + bytes[at] - 48;
    this.at = at;
    if (at === digits)
      this.fail();
    if (at - digits <= 15)
      return isNegative ? -value : value;
    const big = BigInt(textOf(bytes.subarray(from, at)));
    return big === BigInt.asIntN(64, big) ? exact(big) : this.fail();
  }

  integers(into) {
    into.length = 0;
    this.take(91);
    if (this.has(93))
      return;
    do {
      this.space();
      into.push(this.integer());
    } while (this.has(44));
    this.take(93);
  }

  strings() {
    const strings = [];
    this.array(() => strings.push(this.string()));
    return strings;
  }

  /** Reads an array, and calls `read` at each item. */
  array(read) {
    this.take(91);
    if (this.has(93))
      return;
    do {
      this.space();
      read();
    } while (this.has(44));
    this.take(93);
  }

  isNull() {
    return this.bytes[this.at] === 110;
  }

  word(text) {
    for (let i = 0; i < text.length; i++)
      if (this.bytes[this.at++] !== text.charCodeAt(i))
        this.fail();
    return null;
  }

  /** Passes any value. System.Text.Json reads at most 64 levels. */
  skip(depth) {
    switch (this.bytes[this.at]) {
      case 34: this.passString(); break;
      case 91: case 123: this.skipNested(depth + 1); break;
      case 110: this.word('null'); break;
      case 116: this.word('true'); break;
      case 102: this.word('false'); break;
      default: this.skipNumber();
    }
  }

  skipNested(depth) {
    const isObject = this.bytes[this.at++] === 123;
    const end = isObject ? 125 : 93;
    if (depth > 64)
      this.fail();
    if (this.has(end))
      return;
    do {
      this.space();
      if (isObject) {
        this.name();
        this.take(58);
        this.space();
      }
      this.skip(depth);
    } while (this.has(44));
    this.take(end);
  }

  skipNumber() {
    const from = this.at;
    while ('+-.eE'.includes(String.fromCharCode(this.bytes[this.at])) || isDigit(this.bytes[this.at]))
      this.at++;
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(textOf(this.bytes.subarray(from, this.at))))
      this.fail();
  }

  end() {
    this.space();
    if (this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13)
      this.fail();
  }
}
