// Shares one stream of events between the tabs that are visible and use the same access key.

import { Pools } from "./pools.js";
import { readEvents } from "./stream.js";

const streams = new Map();

/** Serves a tab. It sends { watch, key }, and receives { state }, { pools } once, and { message } for each event. */
export function serve(port) {
  let watched;
  port.onmessage = ({ data }) => {
    watched?.leave(port);
    watched = data.watch ? streamOf(data.key) : undefined;
    watched?.enter(port);
  };
}

function streamOf(key) {
  if (!streams.has(key)) streams.set(key, new SharedStream(key));
  return streams.get(key);
}

class SharedStream {
  #key;
  #ports = new Set();
  #pools = new Pools();
  #state = "connecting";
  #ending;

  constructor(key) {
    this.#key = key;
  }

  enter(port) {
    this.#ports.add(port);
    port.postMessage({ state: this.#state });
    if (this.#pools.isKnown) port.postMessage({ pools: this.#pools.export() });
    if (this.#ending) return;
    this.#ending = new AbortController();
    readEvents(this.#key, this.#ending.signal, message => this.#onMessage(message), state => this.#onState(state));
  }

  leave(port) {
    this.#ports.delete(port);
    if (this.#ports.size > 0) return;
    this.#ending?.abort();
    this.#forget();
  }

  #onMessage(message) {
    const state = message.stale ? "stale" : "live";
    if (state !== this.#state) this.#onState(state);
    const changed = this.#pools.apply(message);
    // A tab that came during a description of all pools would have a part of it only.
    if (changed === null) this.#ports.forEach(port => port.postMessage({ pools: this.#pools.export() }));
    else if (changed) this.#ports.forEach(port => port.postMessage({ message }));
  }

  #onState(state) {
    this.#state = state;
    // The tabs ask for another key, and watch again with it.
    if (state === "key") this.#forget();
    this.#ports.forEach(port => port.postMessage({ state }));
  }

  /** Another stream may have the key already. */
  #forget() {
    if (streams.get(this.#key) === this) streams.delete(this.#key);
  }
}
