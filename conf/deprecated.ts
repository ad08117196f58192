/**
 * Names that Hadoop gave up, and the names it uses since. A file that sets the old name sets the new one, and a
 * variable finds its value under either. Hadoop: conf/Configuration.java, the deprecations it starts with.
 */

const SUCCESSORS: ReadonlyMap<string, string> = new Map([
  ["dfs.df.interval", "fs.df.interval"],
  ["dfs.nfs.exports.allowed.hosts", "nfs.exports.allowed.hosts"],
  ["dfs.umaskmode", "fs.permissions.umask-mode"],
  ["fs.default.name", "fs.defaultFS"],
  ["hadoop.configured.node.mapping", "net.topology.configured.node.mapping"],
  ["topology.node.switch.mapping.impl", "net.topology.node.switch.mapping.impl"],
  ["topology.script.file.name", "net.topology.script.file.name"],
  ["topology.script.number.args", "net.topology.script.number.args"],
]);

/** Names of the time when the scheduler was a part of the FairCallQueue. Hadoop: ipc/FairCallQueue.java, ipc/DecayRpcScheduler.java. */
const FAIR_CALL_QUEUE_NAME =
  /^(ipc\.[0-9]+)\.faircallqueue\.(priority-levels|decay-scheduler\.(?:period-ms|decay-factor|thresholds))$/;

/** The name that replaces `key`, or `key` itself when it is not deprecated. */
export function currentKey(key: string): string {
  const [, prefix = "", name = ""] = FAIR_CALL_QUEUE_NAME.exec(key) ?? [];
  if (name !== "") return `${prefix}.${name === "priority-levels" ? "scheduler.priority.levels" : name}`;
  return SUCCESSORS.get(key) ?? key;
}
