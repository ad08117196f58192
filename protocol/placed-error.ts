/** An error about a place within a value or a type. Whoever it passes on its way out adds the step that leads in. */
export abstract class PlacedError extends Error {
  /** Steps to the place, from the inside out. */
  readonly path: string[] = [];
}

/** What was thrown, seen from one step further out if it is about a place. */
export function seenFrom(step: string, thrown: unknown): unknown {
  if (thrown instanceof PlacedError) thrown.path.push(step);
  return thrown;
}

/** Makes something of what lies behind a step. */
export function under<T>(step: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw seenFrom(step, error);
  }
}
