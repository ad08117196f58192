/** Writes the documents that are made from the code, `npm run docs`: the table of settings and the file of defaults. */

import { readFileSync, writeFileSync } from "node:fs";
import { defaultsFile, settingsTable } from "../conf/index.js";
import { committedFile, replaceSettingsTable } from "./helpers/committed-file.js";

const readme = committedFile("conf/README.md");
writeFileSync(readme, replaceSettingsTable(readFileSync(readme, "utf8"), settingsTable()));
writeFileSync(committedFile("conf/hrpc-default.xml"), defaultsFile());
