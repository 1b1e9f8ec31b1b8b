/**
 * Values as tagged JSON, version 1: the JavaScript twin of `conformance/notation`.
 *
 * Rules of the two modules behind this one:
 * - `encode` reads live values and is asynchronous, because promises, streams, iterators and files are;
 *   `decode` makes live values and is not.
 * - What JSON carries is written as itself; everything else is an object with the key `$`.
 * - Identity is part of a value: what is met again is written once inside a `def` and then as a `ref`.
 * - They know JavaScript only. What a server reference is, the caller says (`recognise`, `make`).
 */

export { decode } from './notation-decode.mjs'
export { encode } from './notation-encode.mjs'
