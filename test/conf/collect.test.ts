import assert from "node:assert/strict";
import { test } from "node:test";
import { FILES_MAX, INCLUDE_DEPTH_MAX, PropertyCollector } from "../../conf/collect.js";
import { formatFault } from "../../conf/index.js";

function collect(files: Record<string, string>): PropertyCollector {
  const collector = new PropertyCollector((path) => files[path]);
  collector.add("conf/main.xml");
  return collector;
}

function faultsOf(files: Record<string, string>): string[] {
  return collect(files).faults.map(formatFault);
}

function valuesOf({ properties }: PropertyCollector): Record<string, string> {
  return Object.fromEntries([...properties].map(([key, { value }]) => [key, value]));
}

function including(...hrefs: string[]): string {
  return `<configuration>\n${hrefs.map((href) => `<xi:include href="${href}"/>`).join("\n")}\n</configuration>`;
}

const property = (name: string, value: string): string => `<property name="${name}" value="${value}"/>`;
const configuration = (...parts: string[]): string => `<configuration>${parts.join("")}</configuration>`;

test("an included file counts at the place of its inclusion, and its values name it as their source", () => {
  const collector = collect({
    "conf/main.xml": configuration(
      property("a", "1"),
      property("b", "1"),
      '<xi:include href="more/x.xml"/>',
      property("b", "3"),
    ),
    "conf/more/x.xml": configuration(property("a", "2"), property("b", "2"), '<xi:include href="../y.xml"/>'),
    "conf/y.xml": configuration(property("c", "2")),
  });
  assert.deepEqual(valuesOf(collector), { a: "2", b: "3", c: "2" });
  assert.equal(collector.properties.get("a")?.file, "conf/more/x.xml");
  assert.deepEqual(collector.files, ["conf/main.xml", "conf/more/x.xml", "conf/y.xml"]);
});

test("a fallback counts when there is no such file, and only then", () => {
  const main = configuration(
    `<xi:include href="x.xml"><xi:fallback>${property("a", "fallback")}</xi:fallback></xi:include>`,
  );
  assert.deepEqual(valuesOf(collect({ "conf/main.xml": main })), { a: "fallback" });
  const both = collect({ "conf/main.xml": main, "conf/x.xml": configuration(property("b", "file")) });
  assert.deepEqual(valuesOf(both), { b: "file" });
});

test("a missing file without a fallback is a fault at the inclusion's line", () => {
  assert.deepEqual(faultsOf({ "conf/main.xml": including("x.xml") }), [
    "conf/main.xml:2: includes x.xml, which does not exist, and has no <xi:fallback>",
  ]);
});

test("a fault of an included file names that file", () => {
  const faults = faultsOf({
    "conf/main.xml": including("x.xml"),
    "conf/x.xml": "<configuration>\n<a></configuration>",
  });
  assert.match(faults[0] ?? "", /^conf\/x\.xml:2: is not well-formed XML/);
});

test("files that include each other are a fault that shows the way", () => {
  const files = { "conf/main.xml": including("x.xml"), "conf/x.xml": including("./y/../main.xml") };
  assert.deepEqual(faultsOf(files), [
    "conf/x.xml:2: includes ./y/../main.xml, which leads back to itself: conf/main.xml -> conf/x.xml -> conf/main.xml",
  ]);
});

test("one file may be included twice when it does not include itself", () => {
  const files = { "conf/main.xml": including("x.xml", "x.xml"), "conf/x.xml": configuration(property("a", "1")) };
  assert.deepEqual(faultsOf(files), []);
});

test("an absolute path and a URL are faults", () => {
  const [path, url] = faultsOf({ "conf/main.xml": including("/etc/x.xml", "http://peer/x.xml") });
  assert.equal(path, "conf/main.xml:2: includes /etc/x.xml; only a path relative to this file can be included");
  assert.equal(url, "conf/main.xml:3: includes http://peer/x.xml; only a path relative to this file can be included");
});

test("inclusions go as deep as allowed, and one deeper is a fault", () => {
  const chain = (depth: number): Record<string, string> => {
    const steps = Array.from({ length: depth }, (_, step) => [`conf/${step}.xml`, including(`${step + 1}.xml`)]);
    return {
      "conf/main.xml": including("0.xml"),
      ...Object.fromEntries(steps),
      [`conf/${depth}.xml`]: configuration(),
    };
  };
  assert.deepEqual(faultsOf(chain(INCLUDE_DEPTH_MAX - 1)), []);
  assert.match(faultsOf(chain(INCLUDE_DEPTH_MAX))[0] ?? "", /files may include files at most 10 deep$/);
});

test("files that multiply by including side by side are stopped", () => {
  const width = FILES_MAX;
  const files = { "conf/main.xml": including(...Array<string>(width).fill("x.xml")), "conf/x.xml": configuration() };
  const collector = collect(files);
  assert.equal(collector.files.length, FILES_MAX);
  assert.match(
    formatFault(collector.faults[0] ?? { message: "" }),
    /:101: includes x\.xml; at most 100 files are read in all$/,
  );
});
