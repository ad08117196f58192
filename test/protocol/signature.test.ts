import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chooseVersion, fingerprint, javaStringHash, methodHash, signatureOf } from "../../protocol/signature.js";
import { anyInt32 } from "../helpers/arbitraries.js";

const STRING = "java.lang.String";
const GET_VERSION = methodHash("getProtocolVersion", "long", [STRING, "long"]);
const GET_SIGNATURE = methodHash("getProtocolSignature", "org.apache.hadoop.ipc.ProtocolSignature", [
  STRING,
  "long",
  "int",
]);
const HELLO_WORLD = methodHash("helloWorld", STRING, [STRING]);

test("names hash as Java's String.hashCode does", () => {
  const hashes = {
    "": 0,
    helloWorld: -1_554_135_584,
    getProtocolVersion: 1_289_477_354,
    getProtocolSignature: 422_878_282,
    [STRING]: 1_195_259_493,
    long: 3_327_612,
    int: 104_431,
    "org.apache.hadoop.ipc.ProtocolSignature": 316_255_515,
  };
  for (const [text, hash] of Object.entries(hashes)) assert.equal(javaStringHash(text), hash, text);
  assert.equal(javaStringHash("\u{1F600}"), 31 * 0xd83d + 0xde00, "over UTF-16 units, not code points");
});

test("methods hash as Hadoop's ProtocolSignature does", () => {
  assert.equal(HELLO_WORLD, 2_145_063_200);
  assert.equal(GET_VERSION, -156_921_003);
  assert.equal(GET_SIGNATURE, -1_603_691_201);
  assert.equal(methodHash("ping", "void", []), 115_827_294);
  assert.equal(methodHash("exchange", "[I", ["[I"]), 1_556_262_213);
  assert.equal(methodHash("exchange", "[Ljava.lang.String;", ["[Ljava.lang.String;"]), 752_322_311);
});

test("sets of methods have the fingerprints that Java computes", () => {
  assert.equal(fingerprint([HELLO_WORLD, GET_VERSION, GET_SIGNATURE]), -1_973_442_999);
  assert.equal(fingerprint([GET_VERSION, GET_SIGNATURE]), 1_668_260_279);
  assert.equal(fingerprint([]), 1);
});

test("a fingerprint does not depend on the order of declaration, and leaves the list as it was", () => {
  const set = fc.array(anyInt32, { maxLength: 20 });
  fc.assert(
    fc.property(
      set.chain((hashes) => fc.tuple(fc.constant(hashes), fc.shuffledSubarray(hashes, { minLength: hashes.length }))),
      ([hashes, shuffled]) => {
        const before = [...hashes];
        assert.equal(fingerprint(hashes), fingerprint(shuffled));
        assert.deepEqual(hashes, before);
      },
    ),
  );
});

test("overloads, the return type and the number of parameters change a hash", () => {
  const hashes = [
    methodHash("echo", STRING, [STRING]),
    methodHash("echo", STRING, ["int"]),
    methodHash("echo", "int", [STRING]),
    methodHash("echo", STRING, [STRING, STRING]),
    methodHash("echo", STRING, []),
    methodHash("echo", STRING, ["int", STRING]),
    methodHash("echo", STRING, [STRING, "int"]),
  ];
  assert.equal(new Set(hashes).size, hashes.length);
});

test("a signature lists the hashes in signed ascending order beside their fingerprint", () => {
  assert.deepEqual(signatureOf(1001, [{ hash: HELLO_WORLD }, { hash: GET_VERSION }, { hash: GET_SIGNATURE }]), {
    version: 1001,
    methods: [-1_603_691_201, -156_921_003, 2_145_063_200],
    fingerprint: -1_973_442_999,
  });
});

test("the version chosen is the highest that both sides have, and none if they share none", () => {
  assert.equal(chooseVersion([1, 2, 3], [2, 3, 4]), 3);
  assert.equal(chooseVersion([3, 1, 2], [1, 2]), 2);
  assert.equal(chooseVersion([1], [2]), undefined);
  assert.equal(chooseVersion([], []), undefined);
  assert.equal(chooseVersion([0], [0]), 0);
  const versions = fc.array(fc.oneof(fc.nat(10), fc.maxSafeNat()), { maxLength: 10 });
  fc.assert(
    fc.property(versions, versions, (ours, theirs) => {
      const chosen = chooseVersion(ours, theirs);
      assert.equal(chosen, chooseVersion(theirs, ours), "either side may choose");
      const common = ours.filter((version) => theirs.includes(version));
      assert.equal(chosen, common.length === 0 ? undefined : Math.max(...common));
    }),
  );
});
