/** Control characters but tab and line feed: those of ASCII, and those of Latin-1 that terminals obey too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * A text that a terminal may be given: what a server sent must not move the cursor, change colours or the title.
 * Control characters become `\u001b`, as JSON writes them, so that JSON stays the same JSON.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
