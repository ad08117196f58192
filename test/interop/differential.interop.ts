/**
 * The same bytes to Hadoop's server and to ours; the answers must be the same, field by field, and so must what becomes
 * of the connection. Only what DIFFERENCES lists may differ, and it must: a difference that is gone leaves the list.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { DIFFERENCES } from "./differences.js";
import { HEADER_INPUTS } from "./inputs/headers.js";
import type { WireInput } from "./inputs/input.js";
import { INVOCATION_INPUTS } from "./inputs/invocations.js";
import { PREAMBLE_INPUTS } from "./inputs/preambles.js";
import { PROTOBUF_PARAMETER_INPUTS } from "./inputs/protobuf-parameters.js";
import { PROTOBUF_REQUEST_INPUTS } from "./inputs/protobuf-requests.js";
import { PROTOBUF_RESULT_INPUTS } from "./inputs/protobuf-results.js";
import { RESULT_INPUTS } from "./inputs/results.js";
import { SASL_INPUTS } from "./inputs/sasl.js";
import { type ServerProcess, startDaemon, startJavaServer } from "./programs.js";
import { play, type Reply } from "./raw-peer.js";

const GROUPS: ReadonlyArray<readonly [title: string, inputs: readonly WireInput[]]> = [
  ["connection headers and frames", PREAMBLE_INPUTS],
  ["request headers and contexts", HEADER_INPUTS],
  ["SASL at a server that has only SIMPLE", SASL_INPUTS],
  ["invocations", INVOCATION_INPUTS],
  ["results and failures", RESULT_INPUTS],
  ["protobuf requests", PROTOBUF_REQUEST_INPUTS],
  ["protobuf parameters", PROTOBUF_PARAMETER_INPUTS],
  ["protobuf results and failures", PROTOBUF_RESULT_INPUTS],
];

/** A handler's error carries Java's stack behind its message; ours does not. That alone is levelled. */
function withoutStack(reply: Reply): Reply {
  const answers = reply.answers.map(({ header, payload }) => {
    const { errorMsg } = header;
    if (typeof errorMsg !== "string") return { header, payload };
    return { header: { ...header, errorMsg: errorMsg.split("\n\tat ", 1)[0] }, payload };
  });
  return { ...reply, answers };
}

describe("Hadoop's server and ours give the same answer", () => {
  let hadoop: ServerProcess;
  let ours: ServerProcess;

  before(async () => {
    [hadoop, ours] = await Promise.all([startJavaServer("3.4.2"), startDaemon()]);
  });

  after(async () => {
    await hadoop[Symbol.asyncDispose]();
    await ours[Symbol.asyncDispose]();
  });

  for (const [title, inputs] of GROUPS) {
    describe(title, () => {
      for (const input of inputs) {
        const difference = DIFFERENCES.get(input.name);
        const known = difference === undefined ? "" : ` (differs: ${difference.reason})`;
        test(`${input.name}${known}`, async () => {
          const fate = difference?.fate ?? input.fate;
          const replies = [play(hadoop.port, input), play(ours.port, { ...input, fate })] as const;
          const [theirReply, ourReply] = await Promise.all(replies);
          const expectedEnd = input.fate === "closed" ? "closed" : "alive";
          assert.equal(theirReply.end, expectedEnd, "Hadoop's server does otherwise than the table of inputs says");
          assert.equal(
            theirReply.answers.length,
            input.answers,
            "Hadoop's server answers otherwise than the table says",
          );
          const theirs = withoutStack(theirReply);
          if (difference !== undefined) {
            assert.notDeepEqual(withoutStack(ourReply), theirs, "this is no difference any more: take it off the list");
          }
          assert.deepEqual(withoutStack(ourReply), difference?.expect(theirs) ?? theirs);
        });
      }
    });
  }

  test("every difference on the list belongs to an input", () => {
    const names = new Set(GROUPS.flatMap(([, inputs]) => inputs.map((input) => input.name)));
    assert.deepEqual(
      [...DIFFERENCES.keys()].filter((name) => !names.has(name)),
      [],
    );
  });

  test("no two inputs have the same name", () => {
    const names = GROUPS.flatMap(([, inputs]) => inputs.map((input) => input.name));
    assert.equal(new Set(names).size, names.length);
  });

  test("both servers are alive after all of it", () => {
    assert.ok(hadoop.running, "Hadoop's server ended");
    assert.ok(ours.running, "our server ended");
  });
});
