/** Values as hrpc prints them. */
import { PLAIN_JSON, printJson } from "../../client/terminal/json-text.js";

/** What a program reads that parses the JSON which hrpc prints for a value. */
export function printed(value: unknown): unknown {
  return JSON.parse(printJson(value, PLAIN_JSON, 0));
}
