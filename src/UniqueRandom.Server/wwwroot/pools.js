// What is known about the pools, and their pace.

/** How many seconds of draws are kept. */
export const Seconds = 60;

const secondOf = at => Math.floor(Date.parse(at) / 1000);

/** One pool: its status, and how many numbers were drawn in each of the last 60 seconds. */
export class Pool {
  constructor(status, history, second) {
    this.status = status;
    this.history = history ?? new Array(Seconds).fill(0);
    this.second = second;
  }

  get name() {
    return this.status.pool;
  }

  /** The part that is drawn, or stored while the pool is being seeded, 0 to 1. */
  get share() {
    const { state, seeded, drawn, size } = this.status;
    return Number(state === "seeding" ? seeded : drawn) / Number(size);
  }

  /** Numbers a second over the last minute. */
  get pace() {
    return this.history.reduce((sum, numbers) => sum + numbers, 0) / Seconds;
  }

  /** How many seconds are left at this pace; infinite without draws. */
  get secondsLeft() {
    const { state, remaining } = this.status;
    return state === "open" && this.pace > 0 ? Number(remaining) / this.pace : Infinity;
  }

  /** Moves the history on to a second. */
  advance(second) {
    const passed = Math.min(Math.max(second - this.second, 0), Seconds);
    if (passed === 0) return;
    this.history = [...this.history.slice(passed), ...new Array(passed).fill(0)];
    this.second = second;
  }

  setDrawn(drawn, second) {
    this.advance(second);
    this.history[Seconds - 1] += Math.max(0, Number(drawn) - Number(this.status.drawn));
    this.status = { ...this.status, drawn, remaining: BigInt(this.status.size) - BigInt(drawn) };
  }
}

/** All pools, by name. */
export class Pools extends Map {
  #skew = 0;

  /** The pools of a description that is not complete yet. */
  #described;

  /** Whether all pools were described. */
  isKnown = false;

  /** The time of the server. */
  get now() {
    return Date.now() + this.#skew;
  }

  /**
   * Applies a message of the server. Returns the names of the pools that it changed; null if it completes a description of all
   * pools, and undefined if more of that is to come.
   */
  apply({ at, first, more, pools = [], drawn = {}, seeded = {} }) {
    const second = secondOf(at);
    this.#skew = Date.parse(at) - Date.now();
    if (first) this.#described = [];
    if (this.#described) {
      this.#described.push(...pools.map(({ status, history }) => new Pool(status, history, second)));
      if (more) return undefined;
      this.#replace();
      return null;
    }
    for (const { status, history } of pools) this.set(status.pool, new Pool(status, history, second));
    for (const [name, cursor] of Object.entries(drawn)) this.get(name)?.setDrawn(cursor, second);
    for (const [name, count] of Object.entries(seeded)) {
      const pool = this.get(name);
      if (pool) pool.status = { ...pool.status, seeded: count };
    }
    return [...pools.map(({ status }) => status.pool), ...Object.keys(drawn), ...Object.keys(seeded)];
  }

  #replace() {
    this.clear();
    for (const pool of this.#described) this.set(pool.name, pool);
    this.#described = undefined;
    this.isKnown = true;
  }

  /** Moves all histories on to the present second. */
  advance() {
    const second = Math.floor(this.now / 1000);
    for (const pool of this.values()) pool.advance(second);
  }

  /** Returns a copy that can be sent to another tab, as a message. */
  export() {
    this.advance();
    const pools = [...this.values()].map(({ status, history }) => ({ status, history }));
    return { at: new Date(this.now).toISOString(), first: true, pools };
  }
}
