/** Hadoop's own daemons in a JVM of their own: NameNodes, and YARN's if asked for. */
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, sep } from "node:path";
import { createInterface } from "node:readline";
import { type HadoopVersion, javaClassPath } from "./maven.js";
import { ENVIRONMENT, JVM_OPTIONS } from "./programs.js";

/** The release whose daemons run. */
export const CLUSTER_VERSION: HadoopVersion = "3.4.2";
/** Arguments of the daemons' JVM. YARN's Guice makes classes, which Java 17 allows only so. */
const CLUSTER_JVM: readonly string[] = [...JVM_OPTIONS, "--add-opens=java.base/java.lang=ALL-UNNAMED"];
const LISTENING = /^LISTENING((?: \d+)+)$/;
const AUDIT = "AUDIT ";
/** Six seconds with nothing beside it; a busy machine takes ten times as long. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;
const LINE_TIMEOUT_MS = 10_000;

/** What is started, and settings of the NameNodes. */
export interface ClusterOptions {
  /** Instead of a NameNode with a DataNode: an active NameNode, a stand-by and an observer, without a DataNode. */
  readonly ha?: boolean;
  /** A ResourceManager and a NodeManager too. */
  readonly yarn?: boolean;
  readonly conf?: Readonly<Record<string, string>>;
}

/** Path of one of the jars that the cluster runs with, by its artifact: `hadoop-hdfs-client`. */
export function clusterJar(artifact: string): string {
  const file = `${sep}${artifact}-${CLUSTER_VERSION}.jar`;
  const jar = javaClassPath(CLUSTER_VERSION, "cluster")
    .split(delimiter)
    .find((path) => path.endsWith(file));
  if (jar === undefined) throw new Error(`the cluster's class path has no ${artifact}`);
  return jar;
}

/** Starts Hadoop's daemons. Takes 2 s, with YARN 6 s. */
export function startCluster(options: ClusterOptions = {}): Promise<ClusterProcess> {
  return ClusterProcess.start(options);
}

/** A running `ClusterMain`. The user who runs the suite is its superuser. */
export class ClusterProcess implements AsyncDisposable {
  /** `127.0.0.1:port`; the active one if there are more. */
  readonly nameNode: string;
  /** Addresses of the stand-by and the observer. */
  readonly otherNameNodes: readonly string[];
  /** `127.0.0.1:port`; empty if the cluster was started without YARN. */
  readonly resourceManager: string;
  readonly auditLog: AuditLog;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, ports: Ports, auditLog: AuditLog) {
    this.#child = child;
    this.#folder = folder;
    const [nameNode, ...others] = ports.nameNodes.map(addressOf);
    this.nameNode = nameNode ?? "";
    this.otherNameNodes = others;
    this.resourceManager = ports.resourceManager === undefined ? "" : addressOf(ports.resourceManager);
    this.auditLog = auditLog;
  }

  static async start({ ha = false, yarn = false, conf = {} }: ClusterOptions): Promise<ClusterProcess> {
    const folder = await mkdtemp(join(tmpdir(), "hrpcd-cluster-"));
    const classPath = ["-cp", javaClassPath(CLUSTER_VERSION, "cluster")];
    const settings = Object.entries(conf).map(([key, value]) => `${key}=${value}`);
    const program = ["hrpcd.cluster.ClusterMain", folder, ha ? "ha" : "files", ...(yarn ? ["yarn"] : []), ...settings];
    const child = spawn("java", [...CLUSTER_JVM, ...classPath, ...program], {
      stdio: ["pipe", "pipe", "inherit"],
      env: ENVIRONMENT,
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
    const auditLog = new AuditLog();
    const ports = await new Promise<readonly string[] | undefined>((resolve) => {
      const lines = createInterface({ input: child.stdout });
      lines.on("line", (line) => {
        const said = LISTENING.exec(line);
        if (said !== null) resolve(said[1]?.trim().split(" "));
        else if (line.startsWith(AUDIT)) auditLog.add(line.slice(AUDIT.length));
      });
      lines.once("close", () => resolve(undefined));
    });
    clearTimeout(timer);
    if (ports !== undefined) {
      const resourceManager = yarn ? ports.at(-1) : undefined;
      const nameNodes = yarn ? ports.slice(0, -1) : ports;
      return new ClusterProcess(child, folder, { nameNodes, resourceManager }, auditLog);
    }
    await rm(folder, { recursive: true, force: true });
    throw new Error("Hadoop's daemons did not start; what they said stands above");
  }

  /** Ends the daemons and removes what they wrote. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, "exit");
      this.#child.stdin?.end();
      const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface Ports {
  readonly nameNodes: readonly string[];
  readonly resourceManager: string | undefined;
}

function addressOf(port: string): string {
  return `127.0.0.1:${port}`;
}

/** The NameNode's audit log: one line for every call that reads or changes the tree. */
export class AuditLog {
  readonly lines: string[] = [];
  readonly #added = new EventEmitter();

  add(line: string): void {
    this.lines.push(line);
    this.#added.emit("line");
  }

  /** The first line that holds this text, now or later: what a program writes may come after its answer. */
  async find(text: string): Promise<string> {
    const signal = AbortSignal.timeout(LINE_TIMEOUT_MS);
    for (;;) {
      const line = this.lines.find((each) => each.includes(text));
      if (line !== undefined) return line;
      await once(this.#added, "line", { signal }).catch(() => {
        throw new Error(`the audit log has no line with ${text}; its last is ${this.lines.at(-1)}`);
      });
    }
  }
}
