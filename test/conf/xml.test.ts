import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FILE_LENGTH_MAX, parseConfiguration } from "../../conf/xml.js";

function faultOf(text: string): string {
  const { faults } = parseConfiguration(text);
  assert.equal(faults.length, 1, JSON.stringify(faults));
  const [fault] = faults;
  return `${fault?.line}: ${fault?.message}`;
}

test("a property is read from elements, with its line, trimmed name and raw value", () => {
  const text = `<?xml version="1.0"?>
<?xml-stylesheet type="text/xsl" href="configuration.xsl"?>
<!-- a comment -->
<configuration>
  <property>
    <name> hrpcd.port </name>
    <value> 1 </value>
    <source>someone</source><tag>a,b</tag><description>of <b>no</b> use</description>
  </property>
  <property><name>x</name><value/><final> true </final></property>
</configuration>`;
  assert.deepEqual(parseConfiguration(text), {
    items: [
      { kind: "property", name: "hrpcd.port", value: " 1 ", final: false, line: 5 },
      { kind: "property", name: "x", value: "", final: true, line: 10 },
    ],
    faults: [],
    warnings: [],
  });
});

test("a property is read from attributes, and an element beats the attribute of its name", () => {
  const text = `<configuration><property name="a" value="1" final="true"/><property name="b" value="1"><value>2</value></property></configuration>`;
  assert.deepEqual(parseConfiguration(text).items, [
    { kind: "property", name: "a", value: "1", final: true, line: 1 },
    { kind: "property", name: "b", value: "2", final: false, line: 1 },
  ]);
});

test("of two parts of one name the last counts, as in Hadoop", () => {
  const text = "<configuration><property><name>a</name><value>1</value><value>2</value></property></configuration>";
  assert.deepEqual(parseConfiguration(text).items, [
    { kind: "property", name: "a", value: "2", final: false, line: 1 },
  ]);
});

test("entities of XML, numbers, CDATA and comments inside a value are understood", () => {
  const value = "a&lt;&#98;&#x63;<!-- no --><![CDATA[<&]]>";
  const { items } = parseConfiguration(
    `<configuration><property><name>n</name><value>${value}</value></property></configuration>`,
  );
  assert.deepEqual(items, [{ kind: "property", name: "n", value: "a<bc<&", final: false, line: 1 }]);
});

test("any other entity is a fault with its line", () => {
  assert.match(faultOf("<configuration>\n&evil;</configuration>"), /^2: is not well-formed XML: .*evil/);
});

test("a DOCTYPE is a fault, whether or not it declares anything", () => {
  const text = `<?xml version="1.0"?>\n<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<configuration/>`;
  assert.match(faultOf(text), /^2: has a DOCTYPE/);
  assert.match(faultOf("<!DOCTYPE configuration>\n<configuration/>"), /^1: has a DOCTYPE/);
});

test("text that is no XML is a fault with the line where it stops to be", () => {
  assert.match(
    faultOf("<configuration>\n<property>\n</configuration>"),
    /^3: is not well-formed XML: Missing end tag for element property$/,
  );
  assert.match(faultOf(""), /^1: is not well-formed XML/);
  assert.match(faultOf("hrpcd.port=1"), /^1: is not well-formed XML/);
});

test("a file that starts with another element is a fault", () => {
  assert.equal(faultOf("<config/>"), "1: starts with <config>; a settings file starts with <configuration>");
});

test("a property without a name is a fault, and the others are read all the same", () => {
  const text = `<configuration>\n<property><value>1</value></property>\n<property name=" "/>\n<property name="a" value="1"/></configuration>`;
  const { items, faults } = parseConfiguration(text);
  assert.deepEqual(faults, [
    { line: 2, message: "holds a <property> without a <name>" },
    { line: 3, message: "holds a <property> without a <name>" },
  ]);
  assert.equal(items.length, 1);
});

test("a property without a value says so by its absence", () => {
  const [item] = parseConfiguration("<configuration><property><name>a</name></property></configuration>").items;
  assert.deepEqual(item, { kind: "property", name: "a", final: false, line: 1 });
});

test("an element inside a value is a fault at its own line", () => {
  assert.equal(
    faultOf("<configuration><property><name>a</name><value>\n1<b/></value></property></configuration>"),
    "2: holds <b> inside <value>, which takes text only",
  );
});

test("what Hadoop would ignore without a word is a warning", () => {
  const text = `<configuration>
<propery><name>a</name></propery>
stray
<property><name>b</name><value>1</value><finall>true</finall></property>
<property><name>c</name><value>1</value><final>yes</final></property>
</configuration>`;
  const { faults, warnings } = parseConfiguration(text);
  assert.deepEqual(faults, []);
  assert.deepEqual(
    warnings.map(({ line, key, message }) => `${line} ${key ?? ""}: ${message}`),
    [
      "2 : holds <propery>, which is neither <property> nor <xi:include>; it is ignored",
      '2 : holds text outside a property ("stray"); it is ignored',
      "4 b: holds <finall>, which no property has; it is ignored",
      '5 c: <final> must be true or false, got "yes"; it counts as false',
    ],
  );
});

test("an inclusion is read with its file, its line and its fallback", () => {
  const text = `<configuration xmlns:xi="http://www.w3.org/2001/XInclude">
<xi:include href="a.xml"/>
<xi:include href="b.xml"><xi:fallback><property name="p" value="1"/><xi:include href="c.xml"/></xi:fallback></xi:include>
<include href="d.xml"><fallback/></include>
</configuration>`;
  assert.deepEqual(parseConfiguration(text).items, [
    { kind: "include", href: "a.xml", line: 2 },
    {
      kind: "include",
      href: "b.xml",
      fallback: [
        { kind: "property", name: "p", value: "1", final: false, line: 3 },
        { kind: "include", href: "c.xml", line: 3 },
      ],
      line: 3,
    },
    { kind: "include", href: "d.xml", fallback: [], line: 4 },
  ]);
});

test("an inclusion without a file, or with two fallbacks, is a fault", () => {
  assert.equal(faultOf("<configuration><xi:include/></configuration>"), "1: holds <xi:include> without href");
  assert.equal(
    faultOf(`<configuration><xi:include href="a"><xi:fallback/>\n<xi:fallback/></xi:include></configuration>`),
    "2: holds <xi:include> with more than one fallback",
  );
});

test("lines are counted for every line ending, after a byte order mark and after characters of two units", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const text = `\uFEFF<configuration>${end}<!-- 😀 -->${end}${end}<property name="a" value="1"/></configuration>`;
    assert.equal(parseConfiguration(text).items[0]?.line, 4, JSON.stringify(end));
  }
});

test("a file that is too long, or nests too deep for the parser, is a fault and not a crash", () => {
  assert.match(
    faultOf(`<configuration>${" ".repeat(FILE_LENGTH_MAX)}</configuration>`),
    /^1: is longer than 1048576 characters/,
  );
  assert.match(faultOf("<a>".repeat(FILE_LENGTH_MAX / 4)), /^1: cannot be read as XML/);
});

test("no text makes the reader throw", () => {
  const parts = fc.constantFrom(
    "<configuration>",
    "</configuration>",
    "<property>",
    "</property>",
    "<name>",
    "</name>",
    "<!--",
    "-->",
    "&#1;",
    "&amp;",
    "]]>",
    "<![CDATA[",
    "<xi:include href='",
    "'/>",
    "x",
    "\n",
    "<?",
    "?>",
    "<!DOCTYPE ",
    ">",
  );
  fc.assert(
    fc.property(fc.array(parts), (pieces) => {
      const { faults } = parseConfiguration(pieces.join(""));
      assert.ok(faults.every(({ line }) => line >= 1));
    }),
  );
});
