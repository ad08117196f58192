/** `${name}` in a value, by Hadoop's rules: conf/Configuration.java, substituteVars. */

/** Substitutions that one value may take (Hadoop's own limit). */
export const SUBSTITUTIONS_MAX = 20;

/** Characters that a value may grow to. Hadoop has no such limit, and 20 doublings make a million times the text. */
const EXPANDED_LENGTH_MAX = 1_048_576;

/** The leftmost variable with nothing inside it; a name has no brace, dollar or space. */
const VARIABLE = /\$\{([^}$ ]+)\}/;

/** Where names are looked up. */
export interface VariableScope {
  /** The environment: what `${env.NAME}` reads. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What Java's system properties are to Hadoop, such as `user.name`; asked before the settings. */
  readonly properties: Readonly<Record<string, string | undefined>>;
  /** The text that is set for a key, variables and all; undefined when nobody set it and it has no default. */
  readonly raw: (key: string) => string | undefined;
}

/** The text with its variables replaced, with a warning when one had to stay; or the rule that it breaks. */
export type Expansion = { readonly text: string; readonly warning?: string } | { readonly rule: string };

/**
 * Replaces variables, the leftmost first, and looks at the result again until none is left. `${env.X}` is the
 * environment's, `${env.X-text}` says what to take when X is not set and `${env.X:-text}` when it is not set or empty.
 * A name that nothing defines ends the expansion and leaves the rest as it is; a variable whose value holds itself
 * leaves the whole text as it was.
 */
export function expandVariables(text: string, scope: VariableScope): Expansion {
  let expanded = text;
  for (let count = 0; count < SUBSTITUTIONS_MAX; count++) {
    const match = VARIABLE.exec(expanded);
    const name = match?.[1];
    if (match === null || name === undefined) return { text: expanded };
    const value = lookUp(name, scope);
    if (value === undefined) {
      return { text: expanded, warning: `nothing defines ${match[0]}, so it stays as it is written` };
    }
    if (value.includes(match[0])) {
      return { text, warning: `${match[0]} stands for itself, so no variable of this value was replaced` };
    }
    expanded = expanded.slice(0, match.index) + value + expanded.slice(match.index + match[0].length);
    if (expanded.length > EXPANDED_LENGTH_MAX) {
      return { rule: `its variables make it longer than ${EXPANDED_LENGTH_MAX} characters` };
    }
  }
  return VARIABLE.test(expanded)
    ? {
        rule: `needs more than ${SUBSTITUTIONS_MAX} substitutions; look for variables that name each other`,
      }
    : { text: expanded };
}

function lookUp(name: string, scope: VariableScope): string | undefined {
  const value = name.startsWith("env.") ? lookUpEnvironment(name.slice(4), scope.env) : own(scope.properties, name);
  return value ?? scope.raw(name);
}

/** `NAME`, `NAME-text` or `NAME:-text`; the name ends at the first dash. */
function lookUpEnvironment(reference: string, env: VariableScope["env"]): string | undefined {
  const dash = reference.indexOf("-");
  if (dash < 0) return own(env, reference);
  const otherwise = reference.slice(dash + 1);
  if (reference[dash - 1] === ":") return own(env, reference.slice(0, dash - 1)) || otherwise;
  return own(env, reference.slice(0, dash)) ?? otherwise;
}

function own(record: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
