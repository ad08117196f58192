/**
 * Getting and setting of properties by names that come from a schema or from the wire, on objects that have a prototype.
 *
 * Only the twelve names that every object inherits need care; for all others the plain property is the same, and quicker.
 */

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** A function that gives an object's own property of this name; undefined if it has none. */
export function getOwn(name: string): (of: object) => unknown {
  if (!INHERITED.has(name)) return (of) => (of as Record<string, unknown>)[name];
  return (of) => (Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : undefined);
}

/** A function that sets an object's own property of this name. */
export function setOwn(name: string): (of: object, value: unknown) => void {
  if (name !== "__proto__") {
    return (of, value) => {
      (of as Record<string, unknown>)[name] = value;
    };
  }
  return (of, value) => {
    Object.defineProperty(of, name, { value, enumerable: true, configurable: true, writable: true });
  };
}
