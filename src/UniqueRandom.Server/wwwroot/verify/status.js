function readStatus(text, name, published) {
  const status = parseStatus(text);
  if (!status)
    throw new Refusal(`'${name}' is not the status of a pool; store the response of GET /pools/{pool} in it.`);
  const [minimum, maximum, inStatus, seed, drawn = null] = status;
  if (seed === null)
    throw new Refusal(`'${name}' has no seed: the pool must be closed or exhausted first, and its status stored after that.`);
  const size = sizeOf(minimum, maximum, `minimum and maximum in '${name}'`);
  const pool = { minimum, maximum, size, drawn, range: `${minimum}..${maximum}` };
  pool.seed = seedBytes(seed, `seed in '${name}'`);
  pool.published = hexDigits(inStatus, `commitment in '${name}'`);
  if (published)
    pool.published = hexDigits(published, 'The published commitment');
  return pool;
}

/** The values of minimum, maximum, commitment, seed and drawn; undefined if the text is something else. */
function parseStatus(text) {
  const scanner = new Scanner(['minimum', 'maximum', 'commitment', 'seed', 'drawn'], true);
  const values = [];
  // A tab is space like a line break, and like it not allowed in strings.
  scanner.start(bytesOf(text.replace(/[\r\n]/g, '\t') + '\n'), 0);
  try {
    const seen = scanner.object(index => {
      const isNull = index > 2 && scanner.bytes[scanner.at] === 110;
      values[index] = isNull ? scanner.word('null') : index === 2 || index === 3 ? scanner.string() : scanner.integer();
    });
    scanner.end();
    return (seen & 15) === 15 ? values : undefined;
  } catch (error) {
    if (error instanceof SyntaxError)
      return undefined;
    throw error;
  }
}

function sizeOf(minimum, maximum, what) {
  const refuse = why => new Refusal(`${what} are not a valid range: ${why}`);
  if (minimum > maximum)
    throw refuse(`minimum ${minimum} is above maximum ${maximum}; a pool holds at least one number.`);
  const size = BigInt(maximum) - BigInt(minimum) + 1n;
  if (size > 2147483647n)
    throw refuse(`the range ${minimum}..${maximum} holds ${size} numbers; a pool holds at most 2147483647.`);
  return Number(size);
}

function hexDigits(digits, what) {
  if (!/^[0-9a-f]{64}$/i.test(digits))
    throw new Refusal(`${what} must have 64 hexadecimal digits; it is '${digits}'.`);
  return digits.toLowerCase();
}

const seedBytes = (digits, what) => Uint8Array.from(hexDigits(digits, what).match(/../g), pair => parseInt(pair, 16));
