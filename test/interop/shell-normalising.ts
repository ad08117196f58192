/**
 * What the same command cannot print alike on two servers, and nothing more:
 *
 * ```
 *   the server's port                    127.0.0.1:41234                     127.0.0.1:PORT
 *   a time between the file's first      2026-11-20 14:19, 1795184345678     NOW
 *     command and now
 *   who answers to -refresh              a Java object, a module's path      SENDER
 *   where Java threw                     lines that begin with a tab and at  nothing
 *   sizes in the table of -df            its figures, and the columns' width SIZE, one space
 * ```
 *
 * Times that commands set themselves lie years back and are compared to the second.
 */
import type { Outcome } from "./hadoop-shell.js";

/** Minutes are all that a listing tells, so a time may seem to lie up to one before it was. */
const SLACK_MS = 60_000;
/** `2026-11-20 14:19`, `2026-11-20 14:19:07`, or milliseconds since 1970; the tools' time zone is UTC. */
const TIME = /\b(\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?|\d{13})\b/g;
const SENDER = /^\S+(?=: .* \(exit -?\d+\)$)/gm;
const TRACE = /^\tat .*\n/gm;

/** Makes comparable what a command printed that talked to the server at this port; `startMs` is before all of them. */
export function normalised(outcome: Outcome, args: readonly string[], port: number, startMs: number): Outcome {
  const text = (printed: string) => {
    let plain = withoutTimes(printed.replaceAll(`:${port}`, ":PORT").replace(TRACE, ""), startMs);
    if (args.includes("-refresh")) plain = plain.replace(SENDER, "SENDER");
    return args.includes("-df") ? withoutSizes(plain) : plain;
  };
  return { exit: outcome.exit, out: text(outcome.out), err: text(outcome.err) };
}

function withoutTimes(printed: string, startMs: number): string {
  return printed.replace(TIME, (time) => {
    const ms = time.includes("-") ? Date.parse(`${time.replace(" ", "T")}Z`) : Number(time);
    return ms >= startMs - SLACK_MS && ms <= Date.now() ? "NOW" : time;
  });
}

/** Size, used and available, with -h also their units; the percentage follows from them. */
function withoutSizes(printed: string): string {
  return printed.replace(/ +/g, " ").replace(/(?<= )(?:NaN|[\d.]+)(?:%| [KMGTP](?= )|(?= ))/g, "SIZE");
}
