/**
 * Turns the names in `hrpcd.services` into services: the one place where a string becomes code.
 *
 * A service module exports by default what `implement` returns, or an array of it, or a function of the settings that returns
 * either, or `{ services, start, stop, refresh }`, of which `start` runs before the port opens and `stop` after the last call.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type SettingFault, type Settings, SettingsError } from "../conf/index.js";
import { placeOf } from "../conf/settings.js";
import type { Service } from "../protocol/engine.js";
import { RpcError } from "../protocol/rpc-error.js";
import { importTarget, splitSpecifier } from "./package-exports.js";
import { isService } from "./protocols.js";
import type { RefreshHandler } from "./refresh-registry.js";

/** Services with a life of their own: what a service module may export, or make of the settings. */
export interface ServiceModule {
  readonly services: readonly Service[];
  /** Runs before the port opens; what it throws keeps the daemon from starting. */
  readonly start?: () => void | Promise<void>;
  /** Runs after the last call, in the reverse order of the starts. */
  readonly stop?: () => void | Promise<void>;
  /** What operators can have refreshed while the daemon runs, by identifier: `dfsadmin -refresh HOST:PORT IDENTIFIER`. */
  readonly refresh?: Readonly<Record<string, RefreshHandler>>;
}

/**
 * Loads the modules named by `hrpcd.services`, in order. A name that begins with "." or "/" is a path, relative to the file
 * that set it (`baseDirectory`); any other is a package. Throws SettingsError with a fault for each module that cannot be
 * used, which names the module and what to do. `loading` is told of each name before its module runs.
 */
export async function loadServiceModules(
  conf: Settings,
  baseDirectory: string,
  loading: (name: string) => void = () => {},
): Promise<ServiceModule[]> {
  const modules: ServiceModule[] = [];
  const faults: SettingFault[] = [];
  const at = { ...placeOf(conf.source("hrpcd.services")), key: "hrpcd.services" };
  for (const name of conf.get("hrpcd.services")) {
    loading(name);
    try {
      const module = await importModule(name, baseDirectory);
      const used = await serviceModule(module.default, conf);
      assertNoStrayHooks(module, used);
      modules.push(used);
    } catch (thrown) {
      const { message, cause } = thrown instanceof ModuleFault ? thrown : unusable(thrown);
      faults.push({ ...at, message: `the service module "${name}" ${message}`, ...(cause !== undefined && { cause }) });
    }
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return modules;
}

async function importModule(name: string, baseDirectory: string): Promise<LoadedModule> {
  let url: URL;
  try {
    url = resolveModule(name, baseDirectory);
  } catch (cause) {
    const hint = isPath(name)
      ? "check the path"
      : "install the package where the settings file is, or give a path that begins with ./";
    throw new ModuleFault(`is not found from ${baseDirectory}: ${hint}`, { cause });
  }
  try {
    return (await import(url.href)) as LoadedModule;
  } catch (cause) {
    throw new ModuleFault(`cannot be loaded: ${RpcError.from(cause).message}`, { cause });
  }
}

type LoadedModule = Readonly<Record<string, unknown>>;

/** Who exports one of these by its name believes that it runs. */
function assertNoStrayHooks(module: LoadedModule, used: ServiceModule): void {
  const hooks = ["start", "stop", "refresh"] as const;
  const stray = hooks.filter((hook) => module[hook] !== undefined && used[hook] === undefined);
  if (stray.length === 0) return;
  throw new ModuleFault(
    `exports ${stray.join(", ")} by name, where nothing uses it: make it part of the default export, as in ` +
      "export default { services, start, stop, refresh }",
  );
}

function resolveModule(name: string, baseDirectory: string): URL {
  const require = createRequire(path.join(baseDirectory, "settings"));
  if (isPath(name)) return pathToFileURL(require.resolve(path.resolve(baseDirectory, name)));
  const exported = exportedModule(name, require);
  if (exported !== undefined) return exported;
  try {
    return pathToFileURL(require.resolve(name));
  } catch {
    // The services that come with hrpcd are found from anywhere.
    return pathToFileURL(createRequire(import.meta.url).resolve(name));
  }
}

/** What the package exports to `import`; undefined if it is not installed or its package.json says nothing of that. */
function exportedModule(specifier: string, require: NodeJS.Require): URL | undefined {
  const { name, subpath } = splitSpecifier(specifier);
  for (const folder of require.resolve.paths(specifier) ?? []) {
    const file = path.join(folder, name, "package.json");
    let manifest: { readonly exports?: unknown };
    try {
      manifest = require(file);
    } catch {
      continue;
    }
    const target = importTarget(manifest.exports, subpath);
    return target === undefined ? undefined : new URL(target, pathToFileURL(file));
  }
  return undefined;
}

function isPath(name: string): boolean {
  return name.startsWith(".") || path.isAbsolute(name);
}

async function serviceModule(exported: unknown, conf: Settings): Promise<ServiceModule> {
  let value = exported;
  if (typeof value === "function") {
    try {
      value = await (value as (conf: Settings) => unknown)(conf);
    } catch (cause) {
      throw new ModuleFault(`threw while it made its services: ${RpcError.from(cause).message}`, { cause });
    }
  }
  if (isService(value)) return { services: [value] };
  if (Array.isArray(value) && value.every(isService)) return { services: value };
  if (typeof value === "object" && value !== null && "services" in value) {
    const { services, start, stop, refresh = {} } = value as Partial<Record<keyof ServiceModule, unknown>>;
    for (const [key, hook] of Object.entries({ start, stop })) {
      if (hook !== undefined && typeof hook !== "function")
        throw new ModuleFault(`has a ${key} that is not a function`);
    }
    if (!isRecordOfFunctions(refresh)) {
      throw new ModuleFault("has a refresh that is not an object of functions, such as { cache: () => {...} }");
    }
    if (Array.isArray(services) && services.every(isService)) return value as ServiceModule;
  }
  throw new ModuleFault(
    "has no services: its default export must be what implement() returns, an array of it, { services: [...] }, " +
      "or a function that returns one of these",
  );
}

function isRecordOfFunctions(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((member) => typeof member === "function");
}

/** Why a module cannot be used: the end of a sentence that begins with its name. */
class ModuleFault extends Error {}

/** What a module exports may answer with anything when it is asked what it is. */
function unusable(cause: unknown): ModuleFault {
  return new ModuleFault(`cannot be used: ${RpcError.from(cause).message}`, { cause });
}
