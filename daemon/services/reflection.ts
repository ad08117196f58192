/**
 * Tells what this server serves. `list` names the protocols; `describe` gives every version and engine of one, with the
 * declaration from which the definition can be made again. A name that is not served is described by an empty list.
 */
import type { Service } from "../../protocol/engine.js";
import { Reflection } from "../../protocol/reflection.js";
import { implement } from "../protocols.js";

/** `services` is called at each request: the server's table is complete by then. */
export function reflectionService(services: () => readonly Service[]): Service {
  return implement(Reflection, {
    ping: () => {},
    list: () =>
      services().map(({ definition }) => ({
        name: definition.name,
        version: BigInt(definition.version),
        kind: definition.engine.kind,
        engine: definition.engine.name,
        fingerprint: definition.signature.fingerprint,
      })),
    describe: (name) =>
      services()
        .filter(({ definition }) => definition.name === name)
        .map(({ definition }) => ({
          name: definition.name,
          version: BigInt(definition.version),
          engine: definition.engine.name,
          methods: [...definition.methods.keys()],
          hashes: [...definition.methods.values()].map((method) => method.hash),
          declaration: JSON.stringify(definition.declaration),
        })),
  });
}
