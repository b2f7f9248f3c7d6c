// The live state of the pools in this tab.

import { accessKey } from "./api.js";
import { serve } from "./hub.js";
import { Pools } from "./pools.js";

/** Trusted Types: the only address that may become a script. */
const policy = globalThis.trustedTypes?.createPolicy("worker", {
  createScriptURL: () => new URL("./worker.js", import.meta.url).href,
});

/**
 * Events: "state" when the connection changes; "change" with the names of the changed pools, or null for all; "tick" each
 * second.
 */
export class Feed extends EventTarget {
  pools = new Pools();
  state = "connecting";
  #port = connect();

  constructor() {
    super();
    this.#port.onmessage = ({ data }) => this.#receive(data);
    this.#port.start?.();
    document.addEventListener("visibilitychange", () => this.watch());
    addEventListener("pagehide", () => this.#port.postMessage({ watch: false }));
    addEventListener("pageshow", event => event.persisted && this.watch());
    setInterval(() => this.#tick(), 1000);
  }

  /** Connects, also with another access key. A hidden tab disconnects. */
  watch() {
    this.#port.postMessage({ watch: !document.hidden, key: accessKey.get() });
  }

  /** Adds a pool that this tab has created: the stream tells of it later. */
  add(status) {
    if (!this.pools.has(status.pool)) this.pools.apply({ at: new Date(this.pools.now).toISOString(), pools: [{ status }] });
  }

  #receive({ state, pools, message }) {
    if (state) {
      this.state = state;
      this.dispatchEvent(new Event("state"));
    } else {
      this.dispatchEvent(new CustomEvent("change", { detail: this.pools.apply(pools ?? message) }));
    }
  }

  #tick() {
    if (document.hidden) return;
    this.pools.advance();
    this.dispatchEvent(new Event("tick"));
  }
}

function connect() {
  if (globalThis.SharedWorker) {
    const url = policy ? policy.createScriptURL("") : new URL("./worker.js", import.meta.url);
    return new SharedWorker(url, { type: "module", name: "uniquerandom" }).port;
  }
  // Some mobile browsers have no shared workers: each tab has its own stream.
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  return port1;
}
