function work() {
  let last = 0;
  const progress = (phase, done, total, numbers) => {
    if (performance.now() - last < 50)
      return;
    last = performance.now();
    postMessage({ phase, done, total, numbers: numbers ?? done });
  };
  onmessage = async ({ data }) => {
    const begin = performance.now();
    try {
      const sentence = await audit(data, progress);
      postMessage({ verdict: sentence.startsWith('Holds') ? 'holds' : 'deviates', sentence, took: performance.now() - begin });
    } catch (error) {
      postMessage({ verdict: 'unchecked', sentence: sentenceOf(error, data) });
    }
  };
}

function sentenceOf(error, { status, log }) {
  if (error instanceof Refusal)
    return error.message;
  if (error.name === 'NotReadableError' || error.name === 'NotFoundError')
    return `'${status.name}' or '${log.name}' can't be read, or has changed. Choose both again.`;
  return `The check failed: ${error.message}. Reload the page and try again.`;
}
