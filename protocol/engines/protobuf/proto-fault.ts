/** Says where the fault of a `.proto` text is, as far as the parser does not. */

/** What a parser threw, with its line. `parses` runs the parser on a text and throws what it throws. */
export function faultText(thrown: unknown, text: string, parses: (text: string) => void): string {
  const message = messageOf(thrown);
  // protobufjs calls the end of the text a token `null`.
  if (/^illegal (?:token|name|value) 'null'/.test(message)) return endText(text);
  if (/\(line \d+\)$/.test(message)) return message;
  const line = lineOf(message, text, parses);
  return line === undefined ? message : `${message} (line ${line})`;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * The line by whose end the parser has found the fault: of a field that is its own, of an enum or message that of its last brace. A text is
 * parsed from its beginning, so whatever is longer than that line's end fails alike, and what is shorter does not.
 */
function lineOf(message: string, text: string, parses: (text: string) => void): number | undefined {
  const lines = text.split("\n");
  const fails = (count: number): boolean => {
    try {
      parses(lines.slice(0, count).join("\n"));
      return false;
    } catch (error) {
      return messageOf(error) === message;
    }
  };
  if (!fails(lines.length)) return undefined;
  let low = 1;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fails(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Comments and texts, in which braces mean nothing; and braces. */
const BRACES = /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}]/g;

/** Of a text that ends too early: in what, by the line where its brace opens. */
function endText(text: string): string {
  const open: number[] = [];
  for (const { 0: token, index } of text.matchAll(BRACES)) {
    if (token === "{") open.push(index);
    else if (token === "}") open.pop();
  }
  const last = open.pop();
  if (last === undefined) return "ends inside a declaration";
  const lines = text.slice(0, last).split("\n");
  const head = lines.at(-1)?.trim() ?? "";
  return `ends inside ${head === "" ? "what" : `"${head}", which`} begins in line ${lines.length}: a } is missing`;
}
