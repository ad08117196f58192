/** Which texts can be the name of a user. */

const MAX_NAME_CHARACTERS = 256;
/** No option of a command, no line or field of a user database, no blank at either end. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: no name has control characters
const NAME = /^(?![-\s])[^:\u0000-\u001f\u007f]+(?<!\s)$/;
/** Commands take such a text for the number of a user. */
const NUMBER = /^\+?[0-9]+$/;

/** Whether a user may be called so; numbers are not names, lest somebody who is called 0 is taken for root. */
export function isUserName(text: string): boolean {
  return text.length <= MAX_NAME_CHARACTERS && NAME.test(text) && !NUMBER.test(text);
}
