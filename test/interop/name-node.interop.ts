/** Our client calls Hadoop's NameNode, and gets what Hadoop's own client gets. */
import { after, before, describe } from "node:test";
import { CLUSTER_VERSION } from "./cluster.js";
import { changes } from "./name-node/changes.js";
import { failures, versions } from "./name-node/failures.js";
import { headerFields } from "./name-node/header-fields.js";
import { reads } from "./name-node/reads.js";
import { type NameNodeSession, openNameNode } from "./name-node/session.js";

describe(`our client and the NameNode of Hadoop ${CLUSTER_VERSION}`, () => {
  let session: NameNodeSession;
  before(async () => {
    session = await openNameNode();
  });
  after(() => session[Symbol.asyncDispose]());
  describe("changes: each client makes its own tree", () => changes(() => session));
  describe("reads: both clients read one tree", () => reads(() => session));
  describe("failures", () => failures(() => session));
  describe("versions", () => versions(() => session));
  describe("header fields", () => headerFields(() => session));
});
