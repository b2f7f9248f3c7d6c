async function commitmentTo({ seed, range, order, imported }) {
  const kind = order === 'computed' ? 'computed' : imported ? 'imported' : 'permutation';
  const list = imported ? ` ${imported.count} ${imported.sha256}` : '';
  const definition = bytesOf(`UniqueRandom ${kind} v1 ${range}${list}`);
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...seed, ...definition]))));
}

/** The keystream of AES-256-CTR in parts, as 32-bit words. The next part is encrypted while one is used. */
async function* keystream(seed) {
  const key = await crypto.subtle.importKey('raw', seed, 'AES-CTR', false, ['encrypt']);
  const zeros = new Uint8Array(1 << 20);
  const part = index => {
    const counter = new Uint8Array(16);
    new DataView(counter.buffer).setBigUint64(8, BigInt(index * (zeros.length / 16)));
    return crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 64 }, key, zeros);
  };
  for (let index = 1, next = part(0); ; index++) {
    const words = new Uint32Array(await next);
    next = part(index);
    yield words;
  }
}

/** The permutation, version 1, as DESIGN.md specifies it: the offset at each position. Imported numbers come first. */
async function shuffle({ seed, size }, imported, progress) {
  const all = allocate(size);
  if (imported)
    imported.fill(all);
  else
    for (let i = 0; i < size; i++)
      all[i] = i;
  const offsets = all.subarray(imported?.count ?? 0);
  let i = offsets.length - 1;
  for await (const words of keystream(seed)) {
    for (let w = 0; w < words.length && i > 0; w++) {
      const count = i + 1;
      const low = Math.imul(words[w], count) >>> 0;
      if (low < count && low < (2 ** 32 - count) % count)
        continue;
      // The product has up to 63 bits and is rounded by less than 2^11; its upper half is exact all the same.
      const j = Math.round((words[w] * count - low) / 2 ** 32);
      const offset = offsets[i];
      offsets[i--] = offsets[j];
      offsets[j] = offset;
    }
    if (i <= 0)
      return all;
    progress('order', size - i, size);
  }
}

function allocate(size) {
  try {
    return new Uint32Array(size);
  } catch {
    throw new Refusal(`Shuffling ${grouped(size)} numbers takes ${Math.floor(size / 2 ** 18)} MiB of memory, and this browser `
      + 'has less for a page; use scripts/verify.cs.');
  }
}
