/**
 * Turns the names in `hrpcd.services` into services: the one place where a string becomes code.
 *
 * A service module exports by default what `implement` returns, or an array of it, or a function of the settings that returns
 * either, or `{ services, start, stop }`, of which `start` runs before the port opens and `stop` after the last call.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Settings } from "../conf/index.js";
import type { Service } from "../protocol/engine.js";
import { RpcError } from "../protocol/rpc-error.js";
import { isService } from "./protocols.js";

/** Services with a life of their own. */
export interface ServiceModule {
  readonly services: readonly Service[];
  readonly start?: () => void | Promise<void>;
  readonly stop?: () => void | Promise<void>;
}

/**
 * Loads the modules named by `hrpcd.services`, in order. A name that begins with "." or "/" is a path, relative to the file
 * that set it (`baseDirectory`); any other is a package. Throws BAD_SETTING that names the module and what to do.
 */
export async function loadServiceModules(conf: Settings, baseDirectory: string): Promise<ServiceModule[]> {
  const modules: ServiceModule[] = [];
  for (const name of conf.get("hrpcd.services")) {
    const exported = await importModule(name, baseDirectory);
    modules.push(await serviceModule(name, exported, conf));
  }
  return modules;
}

async function importModule(name: string, baseDirectory: string): Promise<unknown> {
  let file: string;
  try {
    file = resolveModule(name, baseDirectory);
  } catch (cause) {
    const hint = isPath(name)
      ? "check the path"
      : "install the package where the settings file is, or give a path that begins with ./";
    throw fault(name, `is not found from ${baseDirectory}: ${hint}`, cause);
  }
  try {
    const module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    return module.default;
  } catch (cause) {
    throw fault(name, `cannot be loaded: ${RpcError.from(cause).message}`, cause);
  }
}

function resolveModule(name: string, baseDirectory: string): string {
  if (isPath(name))
    return createRequire(path.join(baseDirectory, "settings")).resolve(path.resolve(baseDirectory, name));
  try {
    return createRequire(path.join(baseDirectory, "settings")).resolve(name);
  } catch {
    // The services that come with hrpcd are found from anywhere.
    return createRequire(import.meta.url).resolve(name);
  }
}

function isPath(name: string): boolean {
  return name.startsWith(".") || path.isAbsolute(name);
}

async function serviceModule(name: string, exported: unknown, conf: Settings): Promise<ServiceModule> {
  let value = exported;
  if (typeof value === "function") {
    try {
      value = await (value as (conf: Settings) => unknown)(conf);
    } catch (cause) {
      throw fault(name, `threw while it made its services: ${RpcError.from(cause).message}`, cause);
    }
  }
  if (isService(value)) return { services: [value] };
  if (Array.isArray(value) && value.every(isService)) return { services: value };
  if (typeof value === "object" && value !== null && "services" in value) {
    const { services, start, stop } = value as Partial<Record<keyof ServiceModule, unknown>>;
    for (const [key, hook] of Object.entries({ start, stop })) {
      if (hook !== undefined && typeof hook !== "function") throw fault(name, `has a ${key} that is not a function`);
    }
    if (Array.isArray(services) && services.every(isService)) return value as ServiceModule;
  }
  throw fault(
    name,
    "has no services: its default export must be what implement() returns, an array of it, or a function that returns either",
  );
}

function fault(name: string, message: string, cause?: unknown): RpcError {
  return new RpcError("BAD_SETTING", `hrpcd.services: the service module "${name}" ${message}`, { cause });
}
