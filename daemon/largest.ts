/**
 * The `count` items (0 or more) with the largest numbers, largest first; of those with the same number, the first. Takes time
 * in proportion to the items, unless each is larger than those before it.
 */
export function largest<T>(items: Iterable<T>, count: number, numberOf: (item: T) => number): T[] {
  const found: { readonly item: T; readonly value: number }[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const value = numberOf(item);
    if (found.length === count && value <= least) continue;
    let at = found.length;
    while (at > 0 && (found[at - 1] as { readonly value: number }).value < value) at--;
    found.splice(at, 0, { item, value });
    if (found.length > count) found.pop();
    least = found.at(-1)?.value ?? Number.POSITIVE_INFINITY;
  }
  return found.map(({ item }) => item);
}
