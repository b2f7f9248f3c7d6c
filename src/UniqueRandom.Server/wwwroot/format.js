// Reads integers, and writes numbers and times in the language of the browser.

const integers = new Intl.NumberFormat();
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const exactClock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

const Minute = 60;
const Hour = 60 * Minute;
const Day = 24 * Hour;

/** Reads what people type: the integer as a BigInt, or null. */
export function parseInteger(text) {
  const digits = text.trim().replace(/^\+/, "");
  return /^-?\d+$/.test(digits) ? BigInt(digits) : null;
}

/** The sum of a number or a BigInt, and a small number. */
export const plus = (value, more) => (typeof value === "bigint" ? value + BigInt(more) : value + more);

/** A number or a BigInt, with grouped digits. */
export const integer = value => integers.format(value);

export const range = ({ minimum, maximum }) => `${integer(minimum)} – ${integer(maximum)}`;

/** A part of a whole. Only the whole is 100 %, and only nothing is 0 %. */
export function percent(part, whole) {
  const share = Math.floor(1000 * Number(part) / Number(whole)) / 1000;
  return part > 0 && share === 0 ? `< ${percents.format(0.001)}` : percents.format(share);
}

/** A pace in the unit that gives a number above 1. */
export function pace(perSecond) {
  if (perSecond === 0) return "no draws";
  if (perSecond >= 10) return `${integer(Math.round(perSecond))} a second`;
  return perSecond >= 1 ? `${tenths.format(perSecond)} a second` : `${tenths.format(perSecond * Minute)} a minute`;
}

/** When something that is some seconds away will be: a duration if it is soon, otherwise a time. */
export function moment(seconds, now) {
  if (seconds < 90) return `in ${integer(Math.ceil(seconds))} s`;
  if (seconds < 90 * Minute) return `in ${integer(Math.round(seconds / Minute))} min`;
  const at = new Date(now + seconds * 1000);
  if (Number.isNaN(at.getTime()) || seconds > 10_000 * 365 * Day) return "in more than 10,000 years";
  if (seconds < Day && at.getDate() === new Date(now).getDate()) return `at ${clock.format(at)}`;
  return seconds < 6 * Day ? weekday.format(at) : `on ${day.format(at)}`;
}

/** The time of a draw: with the date if it is not of today. */
export function time(text) {
  const at = new Date(text);
  return at.toDateString() === new Date().toDateString() ? exactClock.format(at) : full.format(at);
}

export const dateAndTime = text => full.format(new Date(text));

const alphabetSizes = { crockford32: 32, digits: 10, letters: 26, "no-vowels": 20, hex: 16 };

/** How many codes there are of a format, as a BigInt. An alphabet without a name is its characters. */
export const countCodes = ({ alphabet, length }) => BigInt(alphabetSizes[alphabet] ?? alphabet.length) ** BigInt(length);

/** What codes look like: XMAS-#####-#####-#. */
export function pattern({ alphabet, length, prefix, group, check }) {
  const symbols = "#".repeat(length + (check ? 1 : 0));
  const groups = group > 0 ? symbols.match(new RegExp(`.{1,${group}}`, "g")).join("-") : symbols;
  return `${prefix}${groups} of ${alphabet}${check ? ", the last character is a check symbol" : ""}`;
}
