/** What hrpc says about arguments that are wrong: yargs' message in words that say what to do, and how the command is written. */

type Rule = readonly [pattern: RegExp, text: (command: string | undefined, ...groups: string[]) => string];

const RULES: readonly Rule[] = [
  [/^Unknown arguments?: (.*)$/, (_command, names = "") => `there is no option ${optionList(names)}`],
  [
    /^Unknown commands?: (.*)$/,
    (command, words = "") =>
      command === undefined ? `there is no command ${words}` : `${command} takes fewer arguments: what is ${words}?`,
  ],
  [
    /^Not enough non-option arguments: got (\d+), need at least (\d+)$/,
    (command, got, needed) => `${command} needs ${needed} ${needed === "1" ? "argument" : "arguments"}, got ${got}`,
  ],
  [
    /^\s*Missing dependent arguments:\s+(\S+) -> (\S+)/,
    (_command, given = "", needed = "") => `${optionList(given)} needs ${optionList(needed)} too`,
  ],
  [
    /^Missing required arguments?: (.*)$/,
    (command = "this command", names = "") => `${command} needs ${optionList(names)}`,
  ],
  [/^Not enough arguments following: (.*)$/, (_command, names = "") => `${optionList(names)} needs a value`],
];

function optionList(names: string): string {
  return names
    .split(", ")
    .map((name) => (name.length === 1 ? `-${name}` : `--${name}`))
    .join(", ");
}

/**
 * `commands` gives how each command is written, by its name; the first of `args` that names one is the command that was
 * meant.
 */
export function usageText(
  message: string,
  args: readonly string[],
  commands: Readonly<Record<string, string>>,
): string {
  const command = args.find((arg) => Object.hasOwn(commands, arg));
  const usage =
    command === undefined ? `Commands: ${Object.keys(commands).join(", ")}` : `Usage: hrpc ${commands[command]}`;
  const help = command === undefined ? "hrpc --help" : `hrpc ${command} --help`;
  return `hrpc: ${inOurWords(message, command)}\n${usage}\nTry: ${help}`;
}

function inOurWords(message: string, command: string | undefined): string {
  for (const [pattern, text] of RULES) {
    const match = pattern.exec(message);
    if (match !== null) return text(command, ...match.slice(1));
  }
  return message;
}
