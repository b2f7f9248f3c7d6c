/**
 * Calls `line` with the place of each line, until it returns something, or a promise of something. A line break follows every
 * line.
 */
async function eachLine(file, line, progress) {
  const read = await reader(file);
  let ahead = read(0);
  let buffer = new Uint8Array(2 * CHUNK);
  let rest = 0;
  let number = 0;
  for (let offset = 0; offset < file.size; offset += CHUNK) {
    const chunk = await ahead;
    const isLast = offset + CHUNK >= file.size;
    if (!isLast)
      ahead = read(offset + CHUNK);
    buffer = withRoom(buffer, rest, chunk.length + 1);
    buffer.set(chunk, rest);
    let end = rest + chunk.length;
    if (isLast)
      buffer[end++] = 10;
    let from = 0;
    for (let at = Math.max(rest - 1, 0); at < end; at++) {
      if (buffer[at] !== 10 && buffer[at] !== 13)
        continue;
      // What follows a return at the end of a chunk is not known yet; the next chunk starts with this return.
      if (buffer[at] === 13 && at + 1 === end)
        break;
      number++;
      let finding = line(buffer, from, at, number);
      if (finding instanceof Promise)
        finding = await finding;
      if (finding)
        return finding;
      if (buffer[at] === 13 && buffer[at + 1] === 10)
        at++;
      from = at + 1;
    }
    buffer.copyWithin(0, from, end);
    rest = end - from;
    progress('log', Math.min(offset + CHUNK, file.size), file.size);
  }
  return null;
}

/** The buffer, or a larger one with its first bytes, which has room for more. */
function withRoom(buffer, used, more) {
  if (used + more <= buffer.length)
    return buffer;
  const larger = new Uint8Array(2 * (used + more));
  larger.set(buffer.subarray(0, used));
  return larger;
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
