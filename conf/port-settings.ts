/** The settings of the server on one port: read and held against each other when they are asked for. */

import { placeOf, type SettingAssignment, type SettingSource, type ValueOfEntry } from "./assignment.js";
import {
  PORT_SETTING_NAMES,
  type PORT_SETTINGS,
  type PortSettingName,
  portKey,
  portSettingDefinition,
} from "./call-queue-keys.js";
import type { SettingFault } from "./fault.js";
import { readValue } from "./read-value.js";

/** What a setting of one port holds once read. */
export type PortSettingValue<N extends PortSettingName = PortSettingName> = ValueOfEntry<(typeof PORT_SETTINGS)[N]>;

/** What is set for keys with a port, by key, as it stands there: it is read when the settings of its port are asked for. */
export type PortInputs = ReadonlyMap<string, SettingAssignment>;

/** Gives what holds for a key without a port. */
export type PortlessSettings = (key: string) => SettingAssignment;

/** Every setting of the server on one port. Immutable; made by `Settings.forPort`. */
export class PortSettings {
  /** The port; 0 for a server that takes any free one. */
  readonly port: number;
  readonly #portless: PortlessSettings;
  readonly #assigned: ReadonlyMap<PortSettingName, SettingAssignment>;

  /** Takes checked values only. */
  constructor(port: number, portless: PortlessSettings, assigned: ReadonlyMap<PortSettingName, SettingAssignment>) {
    this.port = port;
    this.#portless = portless;
    this.#assigned = assigned;
  }

  /** The value for this port; else that of the key without a port, if there is one; else the default. */
  get<N extends PortSettingName>(name: N): PortSettingValue<N> {
    return this.#assignment(name).value as PortSettingValue<N>;
  }

  /** Whether there is a value for this very port. */
  isSet(name: PortSettingName): boolean {
    return this.#assigned.has(name);
  }

  /** Where the value comes from. */
  source(name: PortSettingName): SettingSource {
    return this.#assignment(name).source;
  }

  #assignment(name: PortSettingName): SettingAssignment {
    const assigned = this.#assigned.get(name);
    if (assigned !== undefined) return assigned;
    const { portless, default: value } = portSettingDefinition(name);
    return portless === undefined ? { value, source: { kind: "default" } } : this.#portless(portless);
  }
}

/** Reads what is set for a port: the settings, and what is wrong with them. What cannot be read has its default. */
export function readPort(
  port: number,
  inputs: PortInputs,
  portless: PortlessSettings,
): { readonly settings: PortSettings; readonly faults: readonly SettingFault[] } {
  const assigned = new Map<PortSettingName, SettingAssignment>();
  const faults: SettingFault[] = [];
  for (const name of PORT_SETTING_NAMES) {
    const key = portKey(port, name);
    const input = inputs.get(key);
    if (input === undefined) continue;
    const reading = readValue(portSettingDefinition(name), input.value);
    if ("rule" in reading) faults.push({ ...placeOf(input.source), key, message: reading.rule });
    else assigned.set(name, { value: reading.value, source: input.source });
  }
  const settings = new PortSettings(port, portless, assigned);
  // A number of levels that cannot be read is one fault, not one of each list that should have as many values.
  if (faults.length === 0) faults.push(...wrongCounts(settings), ...noRoom(settings, portless));
  return { settings, faults };
}

/** Lists with one value for each level, or one between each two. */
const COUNTED = [
  { name: "callqueue.capacity.weights", fewer: 0 },
  { name: "faircallqueue.multiplexer.weights", fewer: 0 },
  { name: "decay-scheduler.thresholds", fewer: 1 },
  { name: "decay-scheduler.backoff.responsetime.thresholds", fewer: 0 },
] as const;

function wrongCounts(settings: PortSettings): SettingFault[] {
  const { port } = settings;
  const levels = settings.get("scheduler.priority.levels");
  return COUNTED.flatMap(({ name, fewer }) => {
    const { length } = settings.get(name);
    if (length === 0 || length === levels - fewer) return [];
    const which = fewer === 0 ? "one for each level" : "one between each two levels";
    const because = `${portKey(port, "scheduler.priority.levels")} is ${levels}`;
    const message = `must be ${levels - fewer} numbers, ${which} (${because}), got ${length}`;
    return [{ ...placeOf(settings.source(name)), key: portKey(port, name), message }];
  });
}

/** A level without room would take no call, ever. */
function noRoom(settings: PortSettings, portless: PortlessSettings): SettingFault[] {
  if (settings.get("callqueue.impl") !== "org.apache.hadoop.ipc.FairCallQueue") return [];
  const weights = settings.get("callqueue.capacity.weights");
  const levels = settings.get("scheduler.priority.levels");
  const parts = weights.length === 0 ? levels : weights.reduce((sum, weight) => sum + weight, 0);
  const [handlers, perHandler] = ["hrpcd.handlers", "ipc.server.handler.queue.size"].map((key) => portless(key).value);
  const capacity = Number(handlers) * Number(perHandler);
  if (parts <= capacity) return [];
  const name = weights.length === 0 ? "scheduler.priority.levels" : "callqueue.capacity.weights";
  const message = `divides the call queue into ${parts} parts, but it has room for ${capacity} calls: hrpcd.handlers times ipc.server.handler.queue.size`;
  return [{ ...placeOf(settings.source(name)), key: portKey(settings.port, name), message }];
}
