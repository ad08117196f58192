/**
 * The bodies of RPC kind 16. Ours alone; Hadoop has no such engine.
 *
 * ```
 *   request   | tag varint | [definition] | method varint | arguments: Avro datums, one behind the other |
 *               tag = number << 1 | 1 if a definition follows
 *
 *   definition| name: length varint, UTF-8 | version varint64 | fingerprint 16 | text: length varint, UTF-8 |
 *
 *   result    | one Avro datum |                  nothing at all for the type "null"
 *   error     | number of the error varint, zigzag | its record as an Avro datum |      or nothing
 * ```
 * The client numbers the protocols of a connection from 0 and tells each one with the first request for it: the text of its
 * version (schema-text.ts) and the first 16 bytes of the text's SHA-256. `method` is the place in that text. The server looks up
 * what it made for the fingerprint earlier, and reads the text only if there is nothing.
 *
 * Everything behind the header is written in the client's types, in both directions: the server reads arguments by Avro's
 * schema resolution and writes results by the same rules the other way round. So the schema goes over a connection once,
 * one way; no answer carries one, and it does not matter whether answers are dropped, reordered or written again.
 */

/** Bit of a tag: a definition follows. */
export const CARRIES_DEFINITION = 1;

/** Protocols that one connection may number. */
export const MAX_PROTOCOLS = 256;

/** Bytes of a protocol's full name. */
export const MAX_PROTOCOL_NAME_BYTES = 512;
