/** Directories with settings and service modules, as a user of the daemon has them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a service module imports, as the text of import statements. */
export const IMPORTS = `
  import { implement } from ${JSON.stringify(new URL("../../daemon/index.js", import.meta.url).href)};
  import { writable } from ${JSON.stringify(new URL("../../protocol/index.js", import.meta.url).href)};
  const Echo = (protocol) => writable({
    protocol, version: 1,
    methods: { echo: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
  });
  const echo = (protocol, echo = (text) => text) => implement(Echo(protocol), { echo });
`;

/** A directory of the test's own, removed with everything in it. */
export class Directory implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "hrpcd-test-"));

  /** Writes a file, and the directories above it; gives its path. */
  write(name: string, text: string): string {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Writes a module that begins with IMPORTS. */
  module(name: string, text: string): string {
    return this.write(name, IMPORTS + text);
  }

  /** Writes hrpc-site.xml with these settings. */
  settings(values: Readonly<Record<string, string>>): void {
    const properties = Object.entries(values).map(
      ([name, value]) => `  <property><name>${name}</name><value>${value}</value></property>\n`,
    );
    this.write("hrpc-site.xml", `<?xml version="1.0"?>\n<configuration>\n${properties.join("")}</configuration>\n`);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
