'use strict';
// This script is also the script of the worker, so that the page is one file. It finds what scripts/verify.cs finds.

class Refusal extends Error {}

const CHUNK = 4 << 20;
const PEEK = 1 << 16;

/** A number if that is exact, otherwise a BigInt. So equal integers are identical, except 0 and -0, which compare as equal. */
const exact = big => big >= Number.MIN_SAFE_INTEGER && big <= Number.MAX_SAFE_INTEGER ? Number(big) : big;

/** Groups the digits like verify.cs, in every locale. */
const grouped = value => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

const bytesOf = text => new TextEncoder().encode(text);
const textOf = bytes => new TextDecoder().decode(bytes);
const hexOf = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
const isDigit = byte => byte >= 48 && byte <= 57;

/** Windows PowerShell writes UTF-16. */
const encodingOf = ([first, second]) =>
  first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
const decoded = bytes => new TextDecoder(encodingOf(bytes)).decode(bytes);
