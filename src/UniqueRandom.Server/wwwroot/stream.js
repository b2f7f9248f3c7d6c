// Reads the server-sent events of /events. With fetch and not with EventSource, which sends no Authorization header.

import { address, authorization, parse } from "./api.js";

const FirstPause = 1000;
const LongestPause = 5000;

/** The server sends something every 15 seconds. */
const Silence = 40_000;

/**
 * Reads events until the signal is aborted, and connects again when the connection is lost.
 * @param {(state: "live" | "away" | "key") => void} onState "key": the server wants another access key, and this has ended.
 */
export async function readEvents(key, signal, onMessage, onState) {
  for (let pause = FirstPause; !signal.aborted; pause = Math.min(2 * pause, LongestPause)) {
    const connection = new AbortController();
    const end = () => connection.abort();
    const silence = new Timeout(end);
    signal.addEventListener("abort", end, { once: true });
    try {
      const response = await fetch(address("events"), { headers: authorization(key), signal: connection.signal });
      if (response.status === 401) return onState("key");
      if (response.ok) {
        onState("live");
        pause = FirstPause;
        await readMessages(response.body, onMessage, silence);
      }
    } catch {
      // Away, or aborted.
    }
    silence.stop();
    signal.removeEventListener("abort", end);
    if (signal.aborted) return;
    onState("away");
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}

/** Calls a function when it was not restarted for as long as the server may be silent. */
class Timeout {
  #call;
  #timer;

  constructor(call) {
    this.#call = call;
    this.restart();
  }

  restart() {
    this.stop();
    this.#timer = setTimeout(this.#call, Silence);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

async function readMessages(body, onMessage, silence) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    silence.restart();
    if (done) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    for (const event of events) {
      const data = event.split("\n").filter(line => line.startsWith("data: ")).map(line => line.slice(6)).join("\n");
      if (data) onMessage(parse(data));
    }
  }
}
