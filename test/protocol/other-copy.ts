/** Another copy of hrpcd in this process, as a service has that finds its own in another node_modules. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = new URL("../../", import.meta.url);

export interface OtherCopy {
  readonly protocol: typeof import("../../protocol/index.js");
  readonly daemon: typeof import("../../daemon/protocols.js");
}

/** Loads a copy of the built sources, whose classes and engines are its own. */
export async function loadOtherCopy(): Promise<OtherCopy> {
  const folder = mkdtempSync(fileURLToPath(new URL("other-copy-", built)));
  try {
    for (const part of ["protocol", "daemon"]) {
      cpSync(new URL(part, built), `${folder}/${part}`, {
        recursive: true,
        filter: (source) => !/\.(ts|map)$/.test(source),
      });
    }
    return {
      protocol: (await import(`${folder}/protocol/index.js`)) as OtherCopy["protocol"],
      daemon: (await import(`${folder}/daemon/protocols.js`)) as OtherCopy["daemon"],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
