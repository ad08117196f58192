/**
 * Nodes in the order of their sort keys, in chunks: whatever order they come and go in, each moves no more than a chunk and the list
 * of chunks. One array of a million would move half of them each time.
 */
import type { Node } from "./inodes.js";

/** A chunk that has more nodes is split in two. */
const MAX_CHUNK = 1024;

/** Nodes in a row, and how many come after them. */
export interface Page {
  readonly nodes: readonly Node[];
  readonly remaining: number;
}

/** Nodes of different names, sorted. */
export class SortedNodes implements Iterable<Node> {
  /** None is empty. */
  readonly #chunks: Node[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  *[Symbol.iterator](): Generator<Node, void> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** Puts a node in its place. There is none of its key. */
  add(node: Node): void {
    this.#size++;
    const at = this.#chunkOf(node.sortKey);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#chunks.push([node]);
      return;
    }
    chunk.splice(placeIn(chunk, node.sortKey), 0, node);
    if (chunk.length > MAX_CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(MAX_CHUNK / 2));
  }

  /** Takes a node out, which is there. */
  remove(node: Node): void {
    this.#size--;
    const at = this.#chunkOf(node.sortKey);
    const chunk = this.#chunks[at] as Node[];
    chunk.splice(placeIn(chunk, node.sortKey) - 1, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** At most `limit` nodes, from the first whose key is greater. */
  pageAfter(key: string, limit: number): Page {
    const nodes: Node[] = [];
    let at = this.#chunkOf(key);
    let before = 0;
    for (const { length } of this.#chunks.slice(0, at)) before += length;
    let place = placeIn(this.#chunks[at] ?? [], key);
    before += place;
    for (let chunk = this.#chunks[at]; chunk !== undefined && nodes.length < limit; chunk = this.#chunks[++at]) {
      nodes.push(...chunk.slice(place, place + limit - nodes.length));
      place = 0;
    }
    return { nodes, remaining: this.#size - before - nodes.length };
  }

  /** Place of the last chunk whose first key is not greater; 0 if there is none. */
  #chunkOf(key: string): number {
    return Math.max(placeAfter(this.#chunks.length, (i) => this.#chunks[i]?.[0] as Node, key) - 1, 0);
  }
}

/** Place of the first of so many nodes whose key is greater. */
function placeAfter(count: number, nodeAt: (place: number) => Node, key: string): number {
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >> 1;
    if (nodeAt(middle).sortKey <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Place in a chunk of the first node whose key is greater. */
function placeIn(chunk: readonly Node[], key: string): number {
  return placeAfter(chunk.length, (i) => chunk[i] as Node, key);
}
