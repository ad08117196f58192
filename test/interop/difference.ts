/** What a difference between Hadoop's answer and ours is, and the common kinds of it. */
import { CLIENT_ID, type Fate } from "./inputs/input.js";
import type { Answer, Reply } from "./raw-peer.js";

export interface Difference {
  readonly reason: string;
  /** What ours answers, made of what Hadoop's answers. */
  expect(theirs: Reply): Reply;
  /** What becomes of the connection at ours, where that differs too. */
  readonly fate?: Fate;
}

/** Differences by the names of their inputs. */
export type DifferenceList = ReadonlyArray<readonly [name: string, difference: Difference]>;

/** Only the text of the last answer differs: `from` of Hadoop's becomes `to`. */
export function text(reason: string, from: string, to: string): Difference {
  return {
    reason,
    expect(theirs) {
      const last = theirs.answers.at(-1);
      if (last === undefined) return theirs;
      const errorMsg = String(last.header.errorMsg).replace(from, () => to);
      return {
        ...theirs,
        answers: [...theirs.answers.slice(0, -1), { ...last, header: { ...last.header, errorMsg } }],
      };
    },
  };
}

/** Ours answers call 0 with this result, whatever Hadoop answers. `payload` is in hexadecimal. */
export function success(reason: string, payload: string): Difference {
  return instead(reason, { status: 0 }, payload);
}

/** Ours answers call 0 with this error, on a connection that lives, whatever Hadoop answers and whether it does. */
export function refusal(reason: string, exceptionClassName: string, errorMsg: string, errorDetail = 1): Difference {
  return instead(reason, { status: 1, exceptionClassName, errorMsg, errorDetail }, "");
}

function instead(reason: string, outcome: Answer["header"], payload: string): Difference {
  const header = { callId: 0, serverIpcVersionNum: 9, clientId: CLIENT_ID, retryCount: 0, ...outcome };
  return { reason, expect: (theirs) => ({ ...theirs, answers: [{ header, payload }] }) };
}
