/** Writes the documents that are made from the code, `npm run docs`: the table of settings and the file of defaults. */

import { readFileSync, writeFileSync } from "node:fs";
import { defaultsFile, settingsTable } from "../conf/document.js";
import { projectRoot } from "./helpers/project-root.js";
import { replaceSettingsTable } from "./helpers/settings-table.js";

const readme = new URL("conf/README.md", projectRoot);
writeFileSync(readme, replaceSettingsTable(readFileSync(readme, "utf8"), settingsTable()));
writeFileSync(new URL("conf/hrpc-default.xml", projectRoot), defaultsFile());
