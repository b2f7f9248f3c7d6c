// Reads what a view shows, as often as it may.

/** Calls a function with the newest argument, and not again before it has ended and an interval has passed. */
export function limited(interval, call, signal, onFailure) {
  let isBusy = false;
  let waiting;
  return async function run(argument) {
    waiting = [argument];
    if (isBusy) return;
    isBusy = true;
    while (waiting && !signal.aborted) {
      const next = waiting;
      waiting = undefined;
      // A view is stale until the next change or reconnection if the server is away; the header says so.
      await call(...next).catch(onFailure);
      await new Promise(resolve => setTimeout(resolve, interval));
    }
    isBusy = false;
  };
}
