function readStatus(text, name, published) {
  const status = parseStatus(text);
  if (!status)
    throw new Refusal(`'${name}' is not the status of a pool; store the response of GET /pools/{pool} in it.`);
  const [minimum, maximum, inStatus, seed, drawn = null, kind = null] = status;
  if (seed === null)
    throw new Refusal(`'${name}' has no seed: the pool must be closed or exhausted first, and its status stored after that.`);
  const order = kind ?? 'stored';
  if (order !== 'stored' && order !== 'computed')
    throw new Refusal(`order in '${name}' must be stored or computed; it is '${order}'.`);
  const size = sizeOf(minimum, maximum, order, `minimum and maximum in '${name}'`);
  const pool = { minimum, maximum, size, order, drawn, range: `${minimum}..${maximum}` };
  pool.seed = seedBytes(seed, `seed in '${name}'`);
  pool.published = hexDigits(inStatus, `commitment in '${name}'`);
  if (published)
    pool.published = hexDigits(published, 'The published commitment');
  return pool;
}

/** The values of minimum, maximum, commitment, seed, drawn and order; undefined if the text is something else. */
function parseStatus(text) {
  const scanner = new Scanner(['minimum', 'maximum', 'commitment', 'seed', 'drawn', 'order'], true);
  const values = [];
  // A tab is space like a line break, and like it not allowed in strings.
  scanner.start(bytesOf(text.replace(/[\r\n]/g, '\t') + '\n'), 0);
  try {
    const seen = scanner.object(index => {
      const isNull = index > 2 && scanner.bytes[scanner.at] === 110;
      const isText = index === 2 || index === 3 || index === 5;
      values[index] = isNull ? scanner.word('null') : isText ? scanner.string() : scanner.integer();
    });
    scanner.end();
    return (seen & 15) === 15 ? values : undefined;
  } catch (error) {
    if (error instanceof SyntaxError)
      return undefined;
    throw error;
  }
}

function sizeOf(minimum, maximum, order, what) {
  const refuse = why => new Refusal(`${what} are not a valid range: ${why}`);
  if (minimum > maximum)
    throw refuse(`minimum ${minimum} is above maximum ${maximum}; a pool holds at least one number.`);
  const size = BigInt(maximum) - BigInt(minimum) + 1n;
  const holds = `the range ${minimum}..${maximum} holds ${size} number${size === 1n ? '' : 's'}; a pool`;
  if (size > 9223372036854775807n)
    throw refuse(`${holds} holds at most 9223372036854775807.`);
  if (order === 'stored' && size > 2147483647n)
    throw refuse(`${holds} with a stored order has at most 2147483647. A pool with a computed order can have more.`);
  if (order === 'computed' && size < 1000000n)
    throw refuse(`${holds} with a computed order has at least 1000000. Use a stored order.`);
  return exact(size);
}

function hexDigits(digits, what) {
  if (!/^[0-9a-f]{64}$/i.test(digits))
    throw new Refusal(`${what} must have 64 hexadecimal digits; it is '${digits}'.`);
  return digits.toLowerCase();
}

const seedBytes = (digits, what) => Uint8Array.from(hexDigits(digits, what).match(/../g), pair => parseInt(pair, 16));
