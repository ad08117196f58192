/** Which key, or other name, somebody meant who wrote one that does not exist. */

import { PORT_MAX, PORT_SETTING_NAMES, portKey } from "./call-queue-keys.js";
import { SETTING_KEYS } from "./keys.js";

/** Names longer than this are nobody's slip of the pen, and not worth comparing. */
const COMPARED_LENGTH_MAX = 100;

/** `ipc.8020.` at the head of a key. */
const PORT_PREFIX = /^ipc\.([0-9]+)\./;

/** The known key with the fewest edits to `key`, or undefined when more than a third of it would have to change. */
export function nearestKey(key: string): string | undefined {
  const port = PORT_PREFIX.exec(key)?.[1];
  return nearestName(key, port === undefined ? SETTING_KEYS : PORT_SETTING_NAMES.map((name) => portKey(port, name)));
}

/**
 * The name with the fewest edits to `name`, or undefined when more than a third of it would have to change. Capitals are as good as
 * small letters.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > COMPARED_LENGTH_MAX) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.floor(name.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** What to say of a key that is not in the list. */
export function unknownKeyMessage(key: string): string {
  const name = PORT_SETTING_NAMES.find((candidate) => key === `ipc.${candidate}`);
  if (name !== undefined)
    return `is no setting without a port; the one of the server on port N is ${portKey("N", name)}`;
  if (Number(PORT_PREFIX.exec(key)?.[1] ?? 0) > PORT_MAX)
    return `is no setting: a port is a number from 0 to ${PORT_MAX}`;
  const nearest = nearestKey(key);
  return nearest === undefined ? "is no setting" : `is no setting; the nearest is ${nearest}`;
}

/** Insertions, deletions and replacements of one character that turn `from` into `to` (Levenshtein's distance). */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(previous, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, at(previous, column) + 1, at(current, column - 1) + 1));
    }
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
