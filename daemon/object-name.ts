/**
 * Names of JMX beans, and patterns for them, as in `Hadoop:service=NameNode,name=RpcActivity*`
 * (javax.management.ObjectName).
 */

/** A name or pattern, taken apart. */
export interface ObjectName {
  readonly domain: string;
  readonly properties: ReadonlyMap<string, string>;
  /** A pattern that other properties may stand beside. */
  readonly open: boolean;
}

/** Undefined for what is no name: it needs a domain, a colon and at least one property or `*`. */
export function parseObjectName(text: string): ObjectName | undefined {
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  const properties = new Map<string, string>();
  let open = false;
  for (const part of text.slice(colon + 1).split(",")) {
    const equals = part.indexOf("=");
    if (part === "*" && !open) open = true;
    else if (equals <= 0 || properties.has(part.slice(0, equals))) return undefined;
    else properties.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return { domain: text.slice(0, colon), properties, open };
}

/** Whether a name is one of those that a pattern means. */
export function matchesObjectName(pattern: ObjectName, name: ObjectName): boolean {
  if (!matchesWildcards(pattern.domain, name.domain)) return false;
  if (!pattern.open && pattern.properties.size !== name.properties.size) return false;
  for (const [key, wanted] of pattern.properties) {
    const value = name.properties.get(key);
    if (value === undefined || !matchesWildcards(wanted, value)) return false;
  }
  return true;
}

/**
 * Whether a text is what a pattern says, in which `*` stands for any text and `?` for any sign. Takes time in proportion to
 * the product of the two lengths at most.
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  /** Where the last `*` stands, and where the text behind what it stands for begins. */
  let star = -1;
  let behindStar = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      behindStar = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++behindStar;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
