/**
 * The command lines of `hadoop-shell.interop.ts`, in the order in which they run: each begins with what those before it
 * left behind. Every file is empty, since no data moves.
 *
 * ```
 *   user$ tool argument 'an argument with spaces' ...
 * ```
 *
 * Without a user it is the superuser's. EMPTY stands for a local file without bytes, PORT for the server's port. The tools are
 * FsShell (`fs`), DFSAdmin (`dfsadmin`), GetGroups (`groups`), DFSHAAdmin (`haadmin`), and `rename`, which calls the rename
 * that can overwrite. A command that a version of Hadoop lacks fails the same way with both servers.
 */

/**
 * The groups of the users, in the form of Hadoop's `hadoop.user.group.static.mapping.overrides`. Who is not in the table is in
 * no group, provided that the machine does not know them.
 */
export const GROUPS = "alice=staff;bob=staff,users;carol=;dave=users;admin=supergroup";

/** One command line. */
export interface ShellCommand {
  /** As it stands in the tables below. */
  readonly line: string;
  /** Absent: the superuser's. */
  readonly user?: string;
  readonly tool: string;
  readonly args: readonly string[];
}

/** Command lines that belong together. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly ShellCommand[];
}

const COMMAND = /^(?:(?<user>\w+)\$ )?(?<tool>\w+)(?<rest>.*)$/;

/** Reads one line of a table. */
function parseCommand(line: string): ShellCommand {
  const { user, tool, rest } = COMMAND.exec(line)?.groups ?? {};
  if (tool === undefined || rest === undefined) throw new Error(`not a command: ${line}`);
  const args = [...rest.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? "",
  );
  return { line, tool, args, ...(user !== undefined && { user }) };
}

/** A group of these lines; indentation and empty lines do not matter. */
export function group(title: string, lines: string): CommandGroup {
  const commands = lines.split("\n").map((line) => line.trim());
  return { title, commands: commands.filter((line) => line !== "").map(parseCommand) };
}
