/** Returns what deviates, or null. */
function compare(line, next, pool, order) {
  // Called at a deviation only: there are a million lines without one.
  const deviates = what => `Deviates at line ${grouped(line.number)}${what}`;
  if (line.first !== next) {
    const fault = line.first > next ? 'missing: a gap' : 'next: an overlap';
    return deviates(`: it starts at position ${grouped(line.first)}, and position ${grouped(next)} is ${fault}.`);
  }
  const { numbers } = line;
  if (line.count !== numbers.length) {
    return deviates(`, position ${grouped(line.first)}: its count is ${grouped(line.count)}, and it has `
      + `${grouped(numbers.length)} numbers.`);
  }
  const isNumber = typeof pool.minimum === 'number' && typeof pool.maximum === 'number';
  for (let i = 0, position = line.first; i < numbers.length; i++, position++) {
    if (position < 0 || position >= pool.size) {
      return deviates(`, position ${grouped(position)}: the log has ${numbers[i]}, and the permutation ends at position `
        + `${grouped(BigInt(pool.size) - 1n)}.`);
    }
    const offset = order.at(position);
    const isSum = isNumber && typeof offset === 'number';
    const expected = isSum ? pool.minimum + offset : exact(BigInt(pool.minimum) + BigInt(offset));
    if (numbers[i] !== expected)
      return deviates(`, position ${grouped(position)}: the log has ${numbers[i]}, and the permutation ${expected}.`);
  }
  return null;
}

/** Returns one sentence: what holds, or the first thing that doesn't. */
async function audit({ status, log, published }, progress) {
  const pool = readStatus(decoded(new Uint8Array(await status.arrayBuffer())), status.name, published);
  const commitment = await commitmentTo(pool);
  if (commitment !== pool.published)
    return `Deviates: seed, range ${pool.range} and a ${pool.order} order give the commitment ${commitment}, and `
      + `${pool.published} was published.`;
  const order = pool.order === 'computed' ? new ComputedOrder(pool) : await shuffle(pool, progress);
  const exported = new ExportedLog();
  let start = null;
  let next = 0;
  const deviation = await eachLine(log, (bytes, from, to, number) => {
    if (!exported.read(bytes, from, to, number))
      return null;
    const { line } = exported;
    start ??= next = line.first;
    const found = compare(line, next, pool, order);
    // A position can be a BigInt.
    if (!found)
      next = typeof next === 'number' ? next + line.numbers.length : exact(next + BigInt(line.numbers.length));
    return found;
  }, (phase, done, total) => progress(phase, done, total, Math.max(0, Number(next) - Number(start ?? 0))));
  if (deviation)
    return deviation;
  const covered = described(start ?? 0, next);
  if (pool.drawn !== null && next !== pool.drawn) {
    return `Deviates: the log has ${covered}, and the pool has drawn ${grouped(pool.drawn)}: `
      + `the log ${difference(next, pool.drawn)}.`;
  }
  return `Holds: commitment ${commitment}, ${covered} of ${pool.range}.`;
}

const difference = (end, drawn) => end < drawn
  ? `lacks what was drawn from position ${grouped(end)} on`
  : `has more than was drawn from position ${grouped(drawn)} on`;

function described(start, end) {
  const count = BigInt(end) - BigInt(start);
  if (count === 0n)
    return 'no numbers (the log is empty)';
  return count === 1n
    ? `1 number at position ${grouped(start)}`
    : `${grouped(count)} numbers at positions ${grouped(start)} to ${grouped(BigInt(end) - 1n)}`;
}
