/**
 * `hrpcd install-service`: the files of a systemd service, as texts, and what to do with them (systemd.exec(5),
 * systemd.service(5)). Nothing is written or started here.
 */
import path from "node:path";

/** What the service is made of. */
export interface ServicePlan {
  /** Of the unit, its user and its state directory: letters, digits and dashes. */
  readonly name: string;
  /** Absolute paths. */
  readonly node: string;
  readonly program: string;
  readonly config: string;
  /** Empty if the log goes to the journal. */
  readonly logFile: string;
  readonly graceMs: number;
}

/** A file to write. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  /** The administrator's from then on: one that exists is left alone. */
  readonly keep: boolean;
}

/** What may name a unit, a user and a directory alike. */
export const SERVICE_NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** What systemd waits beyond the grace until it kills: farewells, and service modules that stop. */
const STOP_MARGIN_S = 15;
/** Directories that `ProtectHome=yes` or `PrivateTmp=yes` hide from the service. */
const HIDDEN = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];

/** The unit and the environment file. */
export function serviceFiles(plan: ServicePlan): readonly PlannedFile[] {
  return [
    { path: `/etc/systemd/system/${plan.name}.service`, text: unitText(plan), keep: false },
    { path: `/etc/default/${plan.name}`, text: environmentText(plan), keep: true },
  ];
}

/** What to run next, in order. */
export function nextSteps({ name }: ServicePlan): readonly string[] {
  return [
    "systemctl daemon-reload",
    `systemctl enable --now ${name}`,
    `systemctl status ${name}`,
    `journalctl --unit ${name} --follow`,
  ];
}

/** What would keep the service from running as it is planned, a sentence each. */
export function warningsOf({ node, program, config, logFile }: ServicePlan): readonly string[] {
  const files = { node, "the program": program, "the settings": config };
  const hidden = Object.entries(files).filter(([, file]) => HIDDEN.some((folder) => file.startsWith(`${folder}/`)));
  const warnings = hidden.map(
    ([what, file]) => `${what} (${file}) is hidden from the service: install it elsewhere, such as below /opt or /etc`,
  );
  if (logFile === "") return warnings;
  const advice = "its directory must be writable for the service's user; leave hrpcd.log.file empty to use the journal";
  return [...warnings, `the log goes to ${logFile}: ${advice}`];
}

function environmentText({ name }: ServicePlan): string {
  return [
    `# Environment of ${name}.service. After a change: systemctl restart ${name}`,
    "# Further options of hrpcd start, such as: -D hrpcd.log.level=debug",
    "HRPCD_OPTIONS=",
    "# Memory for objects, in MiB: NODE_OPTIONS=--max-old-space-size=1024",
    "",
  ].join("\n");
}

function unitText({ name, node, program, config, logFile, graceMs }: ServicePlan): string {
  const command = [node, program, "start", "--config", config].map((word) => unitWord(word)).join(" ");
  const writable = logFile === "" ? [] : [`ReadWritePaths=${unitWord(path.dirname(logFile), false)}`];
  return [
    "# Written by hrpcd install-service. Change it with: systemctl edit",
    "[Unit]",
    "Description=Hadoop RPC daemon for TypeScript services",
    "Wants=network-online.target",
    "After=network-online.target",
    "",
    "[Service]",
    "Type=notify",
    "# systemd-notify sends the messages, not the main process.",
    "NotifyAccess=all",
    `EnvironmentFile=-/etc/default/${name}`,
    `ExecStart=${command} $HRPCD_OPTIONS`,
    "ExecReload=/bin/kill -HUP $MAINPID",
    "WatchdogSec=30",
    "Restart=on-failure",
    "RestartSec=1",
    "# 2: arguments, settings or service modules are wrong. Trying again does not help.",
    "RestartPreventExitStatus=2",
    `TimeoutStopSec=${Math.ceil(graceMs / 1000) + STOP_MARGIN_S}`,
    "KillMode=mixed",
    "LimitNOFILE=65536",
    "",
    "# A user of its own, and one directory that it may write to.",
    "DynamicUser=yes",
    `User=${name}`,
    `StateDirectory=${name}`,
    "StateDirectoryMode=0750",
    `WorkingDirectory=%S/${name}`,
    "UMask=0027",
    ...writable,
    "",
    ...SANDBOX,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n");
}

const SANDBOX = [
  "# MemoryDenyWriteExecute is missing on purpose: V8 compiles to machine code while it runs.",
  "NoNewPrivileges=yes",
  "ProtectSystem=strict",
  "ProtectHome=yes",
  "PrivateTmp=yes",
  "PrivateDevices=yes",
  "ProtectClock=yes",
  "ProtectControlGroups=yes",
  "ProtectHostname=yes",
  "ProtectKernelLogs=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelTunables=yes",
  "ProtectProc=invisible",
  "RemoveIPC=yes",
  "KeyringMode=private",
  "LockPersonality=yes",
  "RestrictNamespaces=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
  "CapabilityBoundingSet=",
  "AmbientCapabilities=",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service",
  "SystemCallFilter=~@privileged @resources",
  "SystemCallErrorNumber=EPERM",
];

/** A word of a unit file: quoted, with what systemd would replace taken literally; `$` is only replaced in commands. */
function unitWord(text: string, inCommand = true): string {
  const literal = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%");
  return `"${inCommand ? literal.replaceAll("$", "$$$$") : literal}"`;
}
