/** Text of peers and methods on its way into a line of the log. */

/** What is kept of a text that a peer has a hand in, in characters. */
const MAX_TEXT_CHARS = 300;

/** The text, or its beginning and how long it is. */
export function cut(text: string, most = MAX_TEXT_CHARS): string {
  return text.length <= most ? text : `${text.slice(0, most)}... (${text.length} characters)`;
}

/**
 * No control character reaches a terminal, and no line begins with what a peer has sent: a line end is kept only in front of
 * a blank, as in stacks.
 */
export function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const controls = /\n(?! )|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
  return text.replace(controls, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
