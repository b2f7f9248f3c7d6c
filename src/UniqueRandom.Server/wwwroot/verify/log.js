/** Reads the lines of an exported log, JSON lines or CSV. */
class ExportedLog {
  constructor() {
    this.json = new Scanner(['first', 'count', 'numbers', 'codes'], false);
    this.numbers = [];
    this.line = { numbers: this.numbers, codes: null };
    this.header = null;
    this.hasCode = false;
    this.isFirst = true;
  }

  /** Reads a line into `line`, and returns whether it has numbers. */
  read(bytes, from, to, number) {
    if (this.isBlank(bytes, from, to))
      return false;
    const isHeader = this.isFirst && bytes[from] !== 123;
    this.isFirst = false;
    this.line.number = number;
    if (isHeader) {
      this.header = textOf(bytes.subarray(from, to));
      if (this.header !== 'position,number' && !this.header.startsWith('position,number,'))
        throw this.refusal(number, 'expected a JSON object or the columns position,number');
      this.hasCode = /^position,number,code(,|$)/.test(this.header);
      return false;
    }
    try {
      if (this.header === null)
        this.readJson(bytes, from);
      else
        this.readRow(bytes, from, to);
      return true;
    } catch (error) {
      if (!(error instanceof SyntaxError))
        throw error;
      throw this.refusal(number, this.header === null
        ? 'expected a JSON object with the integers first and count and the array numbers'
        : 'expected the integers position,number and as many columns as in the first line');
    }
  }

  isBlank(bytes, from, to) {
    const isText = from < to && bytes[from] > 32 && bytes[from] < 128;
    return !isText
      && /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/.test(textOf(bytes.subarray(from, to)));
  }

  readJson(bytes, from) {
    const { json, line, numbers } = this;
    json.start(bytes, from);
    line.codes = null;
    const seen = json.object(index => {
      if (index === 0)
        line.first = json.integer();
      else if (index === 1)
        line.count = json.integer();
      else if (index === 2)
        json.integers(numbers);
      else
        line.codes = json.isNull() ? json.word('null') : json.strings();
    });
    json.end();
    if ((seen & 7) !== 7)
      json.fail();
  }

  /** A row that is cut may have lost a part of its last value, so the header must end there, too. */
  readRow(bytes, from, to) {
    this.line.first = this.readColumn(bytes, from);
    if (bytes[this.json.at] !== 44)
      this.json.fail();
    this.numbers.length = 1;
    this.numbers[0] = this.readColumn(bytes, this.json.at + 1);
    this.line.count = 1;
    this.line.codes = this.hasCode ? [this.readCode(bytes, to)] : null;
    const isCut = this.json.at === to;
    const isLast = this.header === (this.hasCode ? 'position,number,code' : 'position,number');
    if (!isCut && bytes[this.json.at] !== 44 || isCut !== isLast)
      this.json.fail();
  }

  /** Reads the column behind the number. */
  readCode(bytes, to) {
    const { json } = this;
    if (bytes[json.at] !== 44)
      json.fail();
    const from = ++json.at;
    if (bytes[from] !== 34) {
      while (json.at < to && bytes[json.at] !== 44)
        json.at++;
      return textOf(bytes.subarray(from, json.at));
    }
    do {
      while (++json.at < to && bytes[json.at] !== 34)
        continue;
      if (json.at >= to)
        json.fail();
    } while (bytes[++json.at] === 34);
    return textOf(bytes.subarray(from + 1, json.at - 1)).replaceAll('""', '"');
  }

  /** Like Int64.TryParse, which accepts a plus sign, and zeros at both ends: digits before, U+0000 behind. */
  readColumn(bytes, from) {
    const isPlus = bytes[from] === 43 && isDigit(bytes[from + 1]);
    this.json.start(bytes, isPlus ? from + 1 : from);
    const value = this.json.signed();
    while (bytes[this.json.at] === 0)
      this.json.at++;
    return value;
  }

  refusal(number, expectation) {
    return new Refusal(`The log can't be checked: line ${grouped(number)} is truncated or not from an exported log `
      + `(${expectation}); export the log again.`);
  }
}
