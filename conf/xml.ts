/**
 * One file of Hadoop's configuration format, from text to what it says; opens no other file.
 *
 *     <configuration>
 *       <property>
 *         <name>hrpcd.port</name>
 *         <value>9000</value>
 *         <final>true</final>            later files and properties cannot change it
 *         <source>..</source> <tag>..</tag> <description>..</description>      for people
 *       </property>
 *       <property name="hrpcd.port" value="9000" final="true"/>                the same, shorter
 *       <xi:include href="more.xml"> <xi:fallback> <property>..</property> </xi:fallback> </xi:include>
 *     </configuration>
 *
 * Hadoop: conf/Configuration.java, its parser. A DTD is refused, and with it every entity but XML's own five.
 */

import { parseXml, XmlDocumentType, XmlElement, XmlError, type XmlNode, XmlText } from "@rgrove/parse-xml";

/** Characters that one file may hold; real ones stay under a tenth of it. */
export const FILE_LENGTH_MAX = 1_048_576;

/** What a file says, in its order. */
export type ConfigurationItem =
  | {
      readonly kind: "property";
      readonly name: string;
      /** Absent when the property has no value. */
      readonly value?: string;
      readonly final: boolean;
      readonly line: number;
    }
  | {
      readonly kind: "include";
      readonly href: string;
      /** What to take when there is no such file. */
      readonly fallback?: readonly ConfigurationItem[];
      readonly line: number;
    };

/** Something wrong or odd at a line of the file. */
export interface LineFault {
  readonly line: number;
  readonly key?: string;
  readonly message: string;
}

/** A file as far as it could be understood. With a fault, `items` is not to be relied on. */
export interface ConfigurationFile {
  readonly items: readonly ConfigurationItem[];
  readonly faults: readonly LineFault[];
  readonly warnings: readonly LineFault[];
}

/** Reads the text of one file. Never throws: what is wrong is in `faults`, each with its line. */
export function parseConfiguration(text: string): ConfigurationFile {
  if (text.length > FILE_LENGTH_MAX) {
    return failed(1, `is longer than ${FILE_LENGTH_MAX} characters, the most a settings file may have`);
  }
  try {
    const document = parseXml(text, { includeOffsets: true, preserveDocumentType: true });
    return new ConfigurationReader(text).read(document.children);
  } catch (error) {
    return error instanceof XmlError
      ? failed(error.line, `is not well-formed XML: ${error.message.split(" (line ", 1)[0]}`)
      : failed(1, `cannot be read as XML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failed(line: number, message: string): ConfigurationFile {
  return { items: [], faults: [{ line, message }], warnings: [] };
}

/** Elements of a property that Hadoop knows; the last three are for people. */
const PROPERTY_PARTS = new Set(["name", "value", "final", "source", "tag", "description"]);

/** Walks the elements of one file and collects what they say. */
class ConfigurationReader {
  readonly #lineStarts: readonly number[];
  readonly #faults: LineFault[] = [];
  readonly #warnings: LineFault[] = [];

  constructor(text: string) {
    this.#lineStarts = [0, ...Array.from(text.matchAll(/\r\n?|\n/g), (match) => match.index + match[0].length)];
  }

  read(topLevel: readonly XmlNode[]): ConfigurationFile {
    const items: ConfigurationItem[] = [];
    for (const node of topLevel) {
      if (node instanceof XmlDocumentType) {
        this.#fault(
          node,
          "has a DOCTYPE; settings files may not, since a DTD can pull in other files and grow without bound",
        );
      } else if (node instanceof XmlElement && localName(node) !== "configuration") {
        this.#fault(node, `starts with <${node.name}>; a settings file starts with <configuration>`);
      } else if (node instanceof XmlElement) {
        items.push(...this.#items(node));
      }
    }
    return { items, faults: this.#faults, warnings: this.#warnings };
  }

  /** The properties and inclusions in `parent`, which is the configuration or a fallback. */
  #items(parent: XmlElement): ConfigurationItem[] {
    const items: ConfigurationItem[] = [];
    for (const node of parent.children) {
      if (node instanceof XmlText) {
        if (node.text.trim() !== "") {
          this.#warn(
            node,
            `holds text outside a property (${JSON.stringify(node.text.trim().slice(0, 40))}); it is ignored`,
          );
        }
      } else if (node instanceof XmlElement) {
        const item = this.#item(node);
        if (item !== undefined) items.push(item);
      }
    }
    return items;
  }

  #item(element: XmlElement): ConfigurationItem | undefined {
    switch (localName(element)) {
      case "property":
        return this.#property(element);
      case "include":
        return this.#include(element);
      default:
        this.#warn(element, `holds <${element.name}>, which is neither <property> nor <xi:include>; it is ignored`);
        return undefined;
    }
  }

  #property(element: XmlElement): ConfigurationItem | undefined {
    const { name: attributeName, value: attributeValue, final: attributeFinal } = element.attributes;
    const name = (this.#part(element, "name") ?? attributeName)?.trim();
    if (name === undefined || name === "") {
      this.#fault(element, "holds a <property> without a <name>");
      return undefined;
    }
    this.#warnOfUnknownParts(element, name);
    const value = this.#part(element, "value") ?? attributeValue;
    const final = (this.#part(element, "final") ?? attributeFinal)?.trim();
    if (final !== undefined && final !== "true" && final !== "false") {
      this.#warn(element, `<final> must be true or false, got ${JSON.stringify(final)}; it counts as false`, name);
    }
    const line = this.#line(element);
    return { kind: "property", name, ...(value !== undefined && { value }), final: final === "true", line };
  }

  #include(element: XmlElement): ConfigurationItem | undefined {
    const href = element.attributes.href?.trim();
    if (href === undefined || href === "") {
      this.#fault(element, `holds <${element.name}> without href`);
      return undefined;
    }
    const [fallback, second] = elementsOf(element).filter((child) => localName(child) === "fallback");
    if (second !== undefined) this.#fault(second, `holds <${element.name}> with more than one fallback`);
    const line = this.#line(element);
    return { kind: "include", href, ...(fallback !== undefined && { fallback: this.#items(fallback) }), line };
  }

  /** Text of the last part of that name, as in Hadoop; undefined when there is none. */
  #part(property: XmlElement, name: string): string | undefined {
    const part = elementsOf(property).findLast((child) => localName(child) === name);
    const inner = part === undefined ? undefined : elementsOf(part)[0];
    if (inner !== undefined) this.#fault(inner, `holds <${inner.name}> inside <${name}>, which takes text only`);
    return part?.text;
  }

  #warnOfUnknownParts(property: XmlElement, name: string): void {
    for (const part of elementsOf(property)) {
      if (!PROPERTY_PARTS.has(localName(part))) {
        this.#warn(part, `holds <${part.name}>, which no property has; it is ignored`, name);
      }
    }
  }

  #fault(node: XmlNode, message: string): void {
    this.#faults.push({ line: this.#line(node), message });
  }

  #warn(node: XmlNode, message: string, key?: string): void {
    this.#warnings.push({ line: this.#line(node), message, ...(key !== undefined && { key }) });
  }

  /** Line of a node, from 1. */
  #line(node: XmlNode): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= node.start) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}

function elementsOf(parent: XmlElement): XmlElement[] {
  return parent.children.filter((child) => child instanceof XmlElement);
}

/** Hadoop looks at the part after the prefix only. */
function localName(element: XmlElement): string {
  return element.name.slice(element.name.indexOf(":") + 1);
}
