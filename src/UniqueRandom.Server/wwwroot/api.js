// Sends requests to the server, and keeps the access key of this tab.

const KeyItem = "uniquerandom.key";
const base = new URL("..", import.meta.url);

/** The address of a route. */
export const address = path => new URL(path, base);

export const pathOf = (pool, ...rest) => ["pools", pool, ...rest].map(encodeURIComponent).join("/");

export const accessKey = {
  get: () => sessionStorage.getItem(KeyItem),
  set: key => sessionStorage.setItem(KeyItem, key),
  forget: () => sessionStorage.removeItem(KeyItem),
};

/** An answer of the server that is not a success, or none at all. */
export class Refusal extends Error {
  /** @param {number} status 0 if there was no answer. */
  constructor(message, status, problem = {}) {
    super(message);
    this.status = status;
    this.type = problem.type?.replace("urn:uniquerandom:problem:", "");
    this.field = problem.field;
  }
}

export const authorization = key => (key ? { Authorization: `Bearer ${key}` } : {});

/** Sends a request, and returns the response if it is a success. */
export async function send(path, { method = "GET", body, headers, signal, key = accessKey.get() } = {}) {
  const content = body === undefined ? {} : { "Content-Type": "application/json" };
  const json = body === undefined ? undefined : JSON.stringify(body, withBigIntegers);
  let response;
  try {
    response = await fetch(address(path), {
      method,
      signal,
      headers: { Accept: "application/json", ...content, ...headers, ...authorization(key) },
      body: json,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal("The server did not answer.", 0);
  }
  if (!response.ok) throw await toRefusal(response);
  return response;
}

/** Sends a request, and returns the JSON of the answer. */
export async function sendJson(path, options) {
  const response = await send(path, options);
  return parse(await response.text());
}

/** Parses JSON. An integer that a number can't hold exactly becomes a BigInt. */
export const parse = text => JSON.parse(text, (_, value, context) =>
  Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(context?.source ?? value) : value);

function withBigIntegers(_, value) {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : JSON.rawJSON(String(value));
}

async function toRefusal(response) {
  const problem = await response.json().catch(() => ({}));
  const message = problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
  return new Refusal(message, response.status, problem);
}
