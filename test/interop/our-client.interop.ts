/** Our client calls Hadoop's servers; and ours too, which shows that the checks themselves are right. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { clientChecks } from "./client-checks.js";
import { HADOOP_VERSIONS } from "./maven.js";
import { type ServerProcess, startDaemon, startJavaServer } from "./programs.js";
import { protobufChecks } from "./protobuf-checks.js";
import { openSession, type Session } from "./session.js";
import { typeChecks } from "./type-checks.js";

const SERVERS: ReadonlyArray<readonly [name: string, start: () => Promise<ServerProcess>]> = [
  ...HADOOP_VERSIONS.map((version) => [`Hadoop ${version}'s server`, () => startJavaServer(version)] as const),
  ["our own server", startDaemon],
];

for (const [name, start] of SERVERS) {
  describe(`our client and ${name}`, () => {
    let session: Session;
    before(async () => {
      session = openSession(await start());
    });
    after(() => session[Symbol.asyncDispose]());
    typeChecks(() => session);
    clientChecks(() => session);
    protobufChecks(() => session);
    test("the server is alive after all of it", () => assert.ok(session.server.running));
  });
}
