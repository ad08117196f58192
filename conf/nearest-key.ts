/** Which key somebody meant who wrote one that does not exist. */

import { SETTING_KEYS, type SettingKey } from "./keys.js";

/** Keys longer than this are nobody's slip of the pen, and not worth comparing. */
const COMPARED_LENGTH_MAX = 100;

/** The known key with the fewest edits to `key`, or undefined when more than a third of it would have to change. */
export function nearestKey(key: string): SettingKey | undefined {
  if (key.length > COMPARED_LENGTH_MAX) return undefined;
  let best: SettingKey | undefined;
  let bestDistance = Math.floor(key.length / 3) + 1;
  for (const candidate of SETTING_KEYS) {
    const distance = editDistance(key, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** What to say of a key that is not in the list. */
export function unknownKeyMessage(key: string): string {
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
