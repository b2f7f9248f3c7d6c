function readStatus(text, name, published) {
  const status = parseStatus(text);
  if (!status)
    throw new Refusal(`'${name}' is not the status of a pool; store the response of GET /pools/{pool} in it.`);
  if (status.seed === null)
    throw new Refusal(`'${name}' has no seed: the pool must be closed or exhausted first, and its status stored after that.`);
  const parts = status.segments.filter(segment => segment.ready);
  const isExtended = parts.length > 1;
  const maximum = isExtended ? parts[0].maximum : status.maximum;
  const segments = [readSegment({ ...status, maximum }, isExtended ? `of segment 1 in '${name}'` : `in '${name}'`)];
  if (isExtended) {
    requireOneAfterAnother(status, parts, name);
    for (let i = 1; i < parts.length; i++)
      segments.push(readSegment(parts[i], `of segment ${i + 1} in '${name}'`));
  }
  const { minimum, drawn } = status;
  const size = exact(BigInt(status.maximum) - BigInt(minimum) + 1n);
  const code = readCode(status, name);
  return { size, drawn, segments, code, published: publish(segments, published), range: `${minimum}..${status.maximum}` };
}

function readCode({ code, minimum, maximum }, name) {
  const format = code ? new CodeFormat(code) : null;
  if (!format || format.isValidFor(minimum, maximum))
    return format;
  throw new Refusal(`code in '${name}' is not a format of codes for the numbers ${minimum}..${maximum}; store the status again.`);
}

function readSegment({ minimum, maximum, commitment, seed, order: kind, imported, importedsha256 }, place) {
  const order = kind ?? 'stored';
  const whole = place.replace(/^of segment 1 /, '');
  if (order !== 'stored' && order !== 'computed')
    throw new Refusal(`order ${whole} must be stored or computed; it is '${order}'.`);
  const size = sizeOf(minimum, maximum, order, `minimum and maximum ${place}`);
  return {
    minimum, maximum, size, order, range: `${minimum}..${maximum}`,
    seed: seed === null ? null : seedBytes(seed, `seed ${whole}`),
    published: hexDigits(commitment, `commitment ${whole}`),
    imported: readImported(imported ?? null, importedsha256 ?? null, `imported and importedSha256 ${whole}`, size, order),
  };
}

/** Which numbers were imported; null for none. */
function readImported(count, sha256, what, size, order) {
  if (count === null && sha256 === null)
    return null;
  if (order === 'stored' && count >= 1 && count <= size && /^[0-9a-f]{64}$/i.test(sha256 ?? ''))
    return { count, sha256: sha256.toLowerCase() };
  throw new Refusal(`${what} must be the count and the hash of numbers in a stored order, at most ${size} and 64 hexadecimal `
    + 'digits, or both be null.');
}

function requireOneAfterAnother(status, parts, name) {
  const isWhole = parts[0].minimum === status.minimum && parts.at(-1).maximum === status.maximum
    && status.minimum <= status.maximum && BigInt(status.maximum) - BigInt(status.minimum) < 2n ** 63n - 1n;
  if (!isWhole || parts.some((part, i) => i > 0 && BigInt(part.minimum) !== BigInt(parts[i - 1].maximum) + 1n))
    throw new Refusal(`The segments in '${name}' are not the range of the pool one after another; store its status again.`);
}

/** Replaces the commitments of the status by those that were published, and returns how many; null without any. */
function publish(segments, published) {
  if (!published)
    return null;
  const given = published.split(/[, ]+/).filter(text => text).map(text => hexDigits(text, 'The published commitment'));
  if (given.length > segments.length) {
    throw new Refusal(`${given.length} published commitments are given, and the pool has ${segments.length}; give at most one `
      + 'for each segment.');
  }
  given.forEach((commitment, i) => segments[i].published = commitment);
  return given.length;
}

const SEGMENT = ['minimum', 'maximum', 'commitment', 'seed', 'order', 'ready'];
const STATUS = ['minimum', 'maximum', 'commitment', 'seed', 'order', 'drawn', 'segments', 'imported',
  'importedsha256', 'code'];
const CODE = ['alphabet', 'length', 'prefix', 'group', 'check'];
const NULLABLE = ['seed', 'order', 'drawn', 'segments', 'imported', 'importedsha256', 'code'];

/** The members of a status that are read; undefined if the text is something else. */
function parseStatus(text) {
  const scanner = new Scanner(STATUS, true);
  // A tab is space like a line break, and like it not allowed in strings.
  scanner.start(bytesOf(text.replace(/[\r\n]/g, '\t') + '\n'), 0);
  try {
    const status = parseMembers(scanner, STATUS, 4, 1);
    scanner.end();
    return { drawn: null, ...status, segments: status.segments ?? [] };
  } catch (error) {
    if (error instanceof SyntaxError)
      return undefined;
    throw error;
  }
}

/** Reads an object, of whose members the first ones are required. */
function parseMembers(scanner, names, required, depth) {
  const members = {};
  const seen = scanner.object(index => members[names[index]] = parseMember(scanner, names[index]), depth);
  const all = (1 << required) - 1;
  return (seen & all) === all ? members : scanner.fail();
}

function parseMember(scanner, name) {
  if (scanner.isNull() && NULLABLE.includes(name))
    return scanner.word('null');
  switch (name) {
    case 'commitment': case 'seed': case 'order': case 'importedsha256': case 'alphabet': case 'prefix':
      return scanner.string();
    case 'ready': case 'check':
      return scanner.bytes[scanner.at] === 116 ? scanner.word('true') ?? true : scanner.word('false') ?? false;
    case 'segments': return parseSegments(scanner);
    case 'code': return parseNested(scanner, CODE, 2, 2);
    default: return scanner.integer();
  }
}

function parseSegments(scanner) {
  const segments = [];
  scanner.array(() => segments.push({ ready: true, ...parseNested(scanner, SEGMENT, 4, 3) }));
  return segments;
}

function parseNested(scanner, names, required, depth) {
  const outer = scanner.names;
  scanner.names = names.map(bytesOf);
  const members = parseMembers(scanner, names, required, depth);
  scanner.names = outer;
  return members;
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
