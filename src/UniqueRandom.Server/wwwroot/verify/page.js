/** What a file looks like. Neither is certain: a forged status or an empty log looks like nothing. */
async function looksLike(file) {
  const text = decoded(new Uint8Array(await file.slice(0, PEEK).arrayBuffer()));
  if (/^\s*position,number/.test(text))
    return 'log';
  // First, because the segments of a status have positions, too.
  if (/^\s*\{[^]*"(minimum|maximum|commitment|seed)"\s*:/i.test(text))
    return 'status';
  return /^\s*\{[^\n]*"(first|numbers)"\s*:/.test(text) ? 'log' : null;
}

/** A sentence with its hashes in another font. */
const partsOf = sentence => sentence.split(/\b([0-9a-f]{64})\b/).map((text, index) => {
  const part = document.createElement(index % 2 ? 'code' : 'span');
  part.textContent = text;
  return part;
});

function page(source) {
  const part = name => document.getElementById(name);
  const canCompute = Boolean(globalThis.crypto?.subtle);
  part('links').hidden = location.protocol === 'file:';
  part('insecure').hidden = canCompute;
  part('form').hidden = !canCompute;
  if (!canCompute)
    return;

  const chosen = { status: null, log: null };
  const local = new Intl.NumberFormat();
  const policy = globalThis.trustedTypes?.createPolicy('worker', { createScriptURL: url => url });
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  let worker = null;
  let turn = 0;

  function show(verdict, sentence, took) {
    part('work').hidden = true;
    part('result').hidden = false;
    part('result').className = `card ${verdict}`;
    part('sentence').replaceChildren(...partsOf(sentence));
    const seconds = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }).format(took / 1000);
    part('took').textContent = took === undefined ? '' : `Computed in this browser in ${seconds}\u00a0s.`;
    part('result').scrollIntoView({ block: 'nearest' });
  }

  function showChosen() {
    for (const kind of ['status', 'log']) {
      part(kind).textContent = chosen[kind]?.name ?? 'not chosen yet';
      part(kind).className = chosen[kind] ? '' : 'none';
    }
  }

  function showProgress({ phase, done, total, numbers }) {
    const isOrder = phase === 'order';
    part('phase').textContent = isOrder ? 'Computing the order' : 'Comparing the log';
    part('amount').textContent = `${local.format(numbers)}${isOrder ? ` of ${local.format(total)}` : ''} numbers`;
    part('bar').value = (isOrder ? 0 : .4) + done / total * (isOrder ? .4 : .6);
  }

  function check() {
    worker?.terminate();
    part('result').hidden = part('work').hidden = true;
    if (!chosen.status || !chosen.log) {
      if (chosen.status || chosen.log)
        show('waits', chosen.status ? 'Choose the log of this pool.' : 'Choose the status of this pool.');
      return;
    }
    part('work').hidden = false;
    part('phase').textContent = 'Computing the order';
    part('amount').textContent = '';
    part('bar').value = 0;
    worker = new Worker(policy?.createScriptURL(address) ?? address);
    worker.onmessage = ({ data, target }) => {
      if (!data.verdict)
        return showProgress(data);
      target.terminate();
      show(data.verdict, data.sentence, data.took);
    };
    worker.onerror = error => show('unchecked', `The check failed: ${error.message}. Reload the page and try again.`);
    worker.postMessage({ ...chosen, published: part('commitment').value.trim() });
  }

  async function choose(files) {
    const current = ++turn;
    if (files.length === 0)
      return;
    let kinds;
    try {
      kinds = await Promise.all(files.map(looksLike));
    } catch {
      show('unchecked', 'A file can’t be read: choose files, not folders.');
      return;
    }
    if (current !== turn)
      return;
    const problem = assign(files, kinds);
    showChosen();
    if (problem) {
      worker?.terminate();
      show('unchecked', problem);
    } else {
      check();
    }
  }

  /** Takes a file that looks like nothing for what the others leave open. */
  function assign(files, kinds) {
    if (files.length > 2)
      return 'Choose one status and one log, not more.';
    if (files.length === 2 && kinds[0] === kinds[1]) {
      return kinds[0]
        ? `'${files[0].name}' and '${files[1].name}' both look like a ${kinds[0]}: choose one status and one log.`
        : `Neither '${files[0].name}' nor '${files[1].name}' is the status or the log of a pool.`;
    }
    const other = kind => kind === 'log' ? 'status' : 'log';
    const open = chosen.status && !chosen.log ? 'log' : chosen.log && !chosen.status ? 'status' : null;
    for (const [index, file] of files.entries()) {
      const kind = kinds[index] ?? (files.length === 2 ? other(kinds[1 - index]) : open);
      if (!kind)
        return `'${file.name}' is neither the status nor the log of a pool.`;
      chosen[kind] = file;
    }
    return null;
  }

  part('files').onchange = ({ target }) => {
    choose([...target.files]);
    target.value = ''; // The same file can be chosen again after it has changed.
  };
  part('commitment').onchange = check;
  part('form').onsubmit = event => event.preventDefault();
  document.ondragover = event => {
    event.preventDefault();
    document.body.classList.add('over');
  };
  document.ondragleave = event => document.body.classList.toggle('over', event.relatedTarget !== null);
  document.ondrop = event => {
    event.preventDefault();
    document.body.classList.remove('over');
    choose([...event.dataTransfer.files]);
  };
  showChosen();
}

if (globalThis.document)
  page(document.currentScript.textContent);
else
  work();
