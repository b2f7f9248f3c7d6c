/**
 * Compares a line of the log.
 * @param order Its `refute` returns why the number at a position is another one, COMPLETE to end the reading, or null.
 * @param codes Its `refute` returns how the code of a number differs, or null. Without it, codes are not compared.
 * @returns What deviates, COMPLETE, or null; a promise of it if the line continues in a further segment.
 */
function compare(line, next, pool, order, codes, from = 0) {
  // Called at a deviation only: there are a million lines without one.
  const deviates = what => `Deviates at line ${grouped(line.number)}${what}`;
  if (line.first !== next) {
    const fault = line.first > next ? 'missing: a gap' : 'next: an overlap';
    return deviates(`: it starts at position ${grouped(line.first)}, and position ${grouped(next)} is ${fault}.`);
  }
  const { numbers } = line;
  const written = codes ? line.codes : null;
  if (line.count !== numbers.length) {
    return deviates(`, position ${grouped(line.first)}: its count is ${grouped(line.count)}, and it has `
      + `${grouped(numbers.length)} numbers.`);
  }
  if (written && written.length !== numbers.length) {
    return deviates(`, position ${grouped(line.first)}: it has ${grouped(written.length)} codes, and `
      + `${grouped(numbers.length)} numbers.`);
  }
  for (let i = from, position = plus(line.first, from); i < numbers.length; i++, position++) {
    if (position < 0 || position >= pool.size) {
      return deviates(`, position ${grouped(position)}: the log has ${numbers[i]}, and the permutation ends at position `
        + `${grouped(BigInt(pool.size) - 1n)}.`);
    }
    if (position >= order.end)
      return order.moveTo(position).then(() => compare(line, next, pool, order, codes, i));
    const reason = order.refute(position, numbers[i]);
    if (reason) {
      return reason === COMPLETE
        ? COMPLETE
        : deviates(`, position ${grouped(position)}: the log has ${numbers[i]}, and ${reason}.`);
    }
    const difference = written && codes.refute(numbers[i], written[i]);
    if (difference)
      return deviates(`, position ${grouped(position)}: ${difference}.`);
  }
  return null;
}

/** A position can be a BigInt. */
const plus = (position, count) =>
  typeof position === 'number' ? position + count : exact(position + BigInt(count));

/** Reads a log from its start, and returns what it covers and what ended the reading: a deviation, COMPLETE, or null. */
async function readLog(log, pool, order, progress, { codes = null, begins = () => {} } = {}) {
  const exported = new ExportedLog();
  let start = null;
  let next = 0;
  const finding = await eachLine(log, (bytes, from, to, number) => {
    if (!exported.read(bytes, from, to, number))
      return null;
    const { line } = exported;
    if (start === null)
      begins(start = next = line.first);
    const found = compare(line, next, pool, order, codes);
    if (found === null)
      next = plus(next, line.numbers.length);
    return found instanceof Promise ? found.then(later => later ?? ((next = plus(next, line.numbers.length)), null)) : found;
  }, (phase, done, total) => progress(phase, done, total, Math.max(0, Number(next) - Number(start ?? 0))));
  return { finding, start: start ?? 0, next };
}

/** Reads the imported numbers, and returns them, or what deviates. */
async function readImportedNumbers(log, pool, progress) {
  const [segment] = pool.segments;
  const refuse = what => new Refusal(`The log can't be checked: it ${what}, and the first ${grouped(segment.imported.count)} `
    + 'numbers of the pool were imported; export all of it.');
  const imported = new ImportedNumbers(segment);
  const begins = first => {
    if (first !== 0)
      throw refuse(`begins at position ${grouped(first)}`);
  };
  const { finding, start, next } = await readLog(log, pool, imported, progress, { begins });
  if (finding)
    return finding === COMPLETE ? imported : finding;
  if (coversOther(pool, start, next))
    return coversOther(pool, start, next);
  throw refuse(`ends at position ${grouped(next)}`);
}

/** Returns one sentence: what holds, or the first thing that doesn't. */
async function audit({ status, log, published }, progress) {
  const pool = readStatus(decoded(new Uint8Array(await status.arrayBuffer())), status.name, published);
  const commitments = [];
  let revealed = 0n;
  for (const segment of pool.segments) {
    if (!segment.seed)
      break;
    const commitment = await commitmentTo(segment);
    if (commitment !== segment.published) {
      const behind = segment.imported ? ` behind ${grouped(segment.imported.count)} imported numbers` : '';
      return `Deviates: seed, range ${segment.range} and a ${segment.order} order${behind} give the commitment ${commitment}, `
        + `and ${segment.published} was published.`;
    }
    commitments.push(commitment);
    revealed += BigInt(segment.size);
  }
  pool.revealed = revealed;
  const imported = pool.segments[0].imported ? await readImportedNumbers(log, pool, progress) : null;
  if (typeof imported === 'string')
    return imported;
  const order = new PoolOrder(pool.segments, imported, progress);
  const codes = new AuditedCodes(pool.code);
  const { finding, start, next } = await readLog(log, pool, order, progress, { codes });
  const deviation = finding ?? coversOther(pool, start, next);
  if (deviation)
    return deviation;
  const secret = revealed === BigInt(pool.size) || next <= revealed ? '' : ' The numbers from position '
    + `${grouped(BigInt(start) > revealed ? start : revealed)} on were not compared: their seed is not revealed yet.`;
  return `Holds: commitment${commitments.length > 1 ? 's' : ''} ${commitments.join(', ')}, ${described(start, next)} of `
    + `${pool.range}.${describedImport(pool)}${codes.described(Number(next) - Number(start))}`
    + `${unpublished(pool.published, commitments.length)}${secret}`;
}

/**
 * Returns that a log ends elsewhere than its pool, or null. An open pool goes on, so its log may end anywhere behind the segments
 * that have ended.
 */
function coversOther({ drawn, revealed, size }, start, next) {
  if (drawn === null || (revealed === BigInt(size) ? next === drawn : next >= drawn || next >= revealed))
    return null;
  return `Deviates: the log has ${described(start, next)}, and the pool has drawn ${grouped(drawn)}: the log `
    + `${difference(next, drawn)}.`;
}

/** Says whether commitments were compared with those of the status only. */
function unpublished(count, compared) {
  if (count === null || count >= compared)
    return '';
  const published = count === 1 ? 'commitment was compared with a published one' : `${count} commitments were compared with `
    + 'published ones';
  return ` Only the first ${published}; the others come from the status.`;
}

const difference = (end, drawn) => end < drawn
  ? `lacks what was drawn from position ${grouped(end)} on`
  : `has more than was drawn from position ${grouped(drawn)} on`;

function describedImport({ segments: [{ imported }] }) {
  if (!imported)
    return '';
  return imported.count === 1 ? ' The first number was imported.'
    : ` The first ${grouped(imported.count)} numbers were imported.`;
}

function described(start, end) {
  const count = BigInt(end) - BigInt(start);
  if (count === 0n)
    return 'no numbers (the log is empty)';
  return count === 1n
    ? `1 number at position ${grouped(start)}`
    : `${grouped(count)} numbers at positions ${grouped(start)} to ${grouped(BigInt(end) - 1n)}`;
}
