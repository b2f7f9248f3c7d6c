/** Calls `line` with the place of each line, until it returns something. A line break follows every line. */
async function eachLine(file, line, progress) {
  const read = await reader(file);
  let rest = new Uint8Array(0);
  let ahead = read(0);
  let number = 0;
  let endsInReturn = false;
  for (let offset = 0; offset < file.size; offset += CHUNK) {
    const chunk = await ahead;
    const isLast = offset + CHUNK >= file.size;
    if (!isLast)
      ahead = read(offset + CHUNK);
    const bytes = joined(rest, chunk, isLast);
    let from = endsInReturn && bytes[0] === 10 ? 1 : 0;
    for (let at = Math.max(from, rest.length); at < bytes.length; at++) {
      if (bytes[at] !== 10 && bytes[at] !== 13)
        continue;
      number++;
      const finding = line(bytes, from, at, number);
      if (finding)
        return finding;
      if (bytes[at] === 13 && bytes[at + 1] === 10)
        at++;
      from = at + 1;
    }
    rest = bytes.slice(from);
    endsInReturn = rest.length === 0 && bytes.at(-1) === 13;
    progress('log', Math.min(offset + CHUNK, file.size), file.size);
  }
  return null;
}

/** Returns a function that reads a chunk as UTF-8, without the mark at the start of the file. */
async function reader(file) {
  const bytes = async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer());
  const head = await bytes(0, 3);
  const encoding = encodingOf(head);
  const decoder = new TextDecoder(encoding);
  if (encoding !== 'utf-8')
    return async offset => bytesOf(decoder.decode(await bytes(offset, offset + CHUNK), { stream: true }));
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  return offset => bytes(offset === 0 ? mark : offset, offset + CHUNK);
}

function joined(rest, chunk, isLast) {
  const bytes = new Uint8Array(rest.length + chunk.length + (isLast ? 1 : 0));
  bytes.set(rest);
  bytes.set(chunk, rest.length);
  if (isLast)
    bytes[bytes.length - 1] = 10;
  return bytes;
}
