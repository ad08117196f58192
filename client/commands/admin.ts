/** `hrpc admin ADDR ACTION [ARGUMENT]...`: what an operator asks of a server, Hadoop's or ours. */
import {
  GenericRefresh,
  GetUserMappings,
  RefreshAuthorizationPolicy,
  RefreshCallQueue,
  RefreshUserMappings,
} from "../../protocol/hadoop-protocols.js";
import { HrpcdAdmin } from "../../protocol/hrpcd-admin.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { table } from "../terminal/table.js";
import type { CommandContext } from "./command.js";
import { isFromStranger, questionOptions } from "./reflect.js";

/** What an action has to say: fields for a program, and a text for a person. */
interface Outcome {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

interface Action {
  /** What stands behind the action's name on the command line; empty if nothing does. */
  readonly operands: string;
  readonly least: number;
  readonly most: number;
  run(context: CommandContext, args: readonly string[]): Promise<Outcome>;
}

/** An action without arguments whose success is all there is to tell. */
function plain(done: string, run: (context: CommandContext) => Promise<unknown>): Action {
  return {
    operands: "",
    least: 0,
    most: 0,
    run: async (context) => {
      await run(context);
      return { fields: {}, text: `${context.address}: ${done}` };
    },
  };
}

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  [
    "refreshCallQueue",
    plain("the call queue is made anew", (context) =>
      context.client.getProxy(RefreshCallQueue, context.address).refreshCallQueue({}, questionOptions(context)),
    ),
  ],
  [
    "refreshServiceAcl",
    plain("the access lists are read again", (context) =>
      context.client
        .getProxy(RefreshAuthorizationPolicy, context.address)
        .refreshServiceAcl({}, questionOptions(context)),
    ),
  ],
  [
    "refreshUserToGroupsMappings",
    plain("the groups of users will be asked for again", (context) =>
      context.client
        .getProxy(RefreshUserMappings, context.address)
        .refreshUserToGroupsMappings({}, questionOptions(context)),
    ),
  ],
  [
    "refreshSuperUserGroupsConfiguration",
    plain("who may act for whom is read again", (context) =>
      context.client
        .getProxy(RefreshUserMappings, context.address)
        .refreshSuperUserGroupsConfiguration({}, questionOptions(context)),
    ),
  ],
  ["refresh", { operands: "IDENTIFIER [ARGUMENT]...", least: 1, most: Number.POSITIVE_INFINITY, run: refresh }],
  ["getGroups", { operands: "USER...", least: 1, most: Number.POSITIVE_INFINITY, run: getGroups }],
  ["reload", { operands: "", least: 0, most: 0, run: reload }],
  [
    "shutdown",
    plain("stopping; calls in flight may end", (context) =>
      ofHrpcd(context, () => context.client.getProxy(HrpcdAdmin, context.address).shutdown(questionOptions(context))),
    ),
  ],
]);

/** The names of all actions, for help. */
export const ADMIN_ACTIONS: readonly string[] = [...ACTIONS.keys()];

/** Throws BAD_ARGUMENT for an action that does not exist, or that takes more or fewer arguments. */
export async function admin(context: CommandContext, name: string, args: readonly string[]): Promise<string> {
  const action = ACTIONS.get(name);
  if (action === undefined) {
    throw new RpcError("BAD_ARGUMENT", `there is no action ${name}: it must be one of ${ADMIN_ACTIONS.join(", ")}`);
  }
  if (args.length < action.least || args.length > action.most) {
    const written = action.operands === "" ? "takes no arguments" : `is written ${name} ${action.operands}`;
    throw new RpcError("BAD_ARGUMENT", `${name} ${written}, got ${args.length} arguments`);
  }
  const { fields, text } = await action.run(context, args);
  return context.json ? JSON.stringify({ address: context.address, action: name, ...fields }) : text;
}

/** Throws what the handlers said if one of them failed: every one has answered by then. */
async function refresh(context: CommandContext, [identifier = "", ...args]: readonly string[]): Promise<Outcome> {
  const proxy = context.client.getProxy(GenericRefresh, context.address);
  const { responses } = await proxy.refresh({ identifier, args }, questionOptions(context));
  const lines = responses.map(({ senderName = "", exitStatus = 0, userMessage = "" }) => {
    const status = exitStatus === 0 ? "done" : `failed with status ${exitStatus}`;
    return `${senderName}: ${status}${userMessage === "" ? "" : `: ${userMessage}`}`;
  });
  const text = lines.join("\n");
  if (responses.some(({ exitStatus = 0 }) => exitStatus !== 0)) throw new RpcError("ERROR_APPLICATION", text);
  return { fields: { responses }, text };
}

/** One line per user, as `hdfs groups` writes it. */
async function getGroups(context: CommandContext, users: readonly string[]): Promise<Outcome> {
  const proxy = context.client.getProxy(GetUserMappings, context.address);
  const found = await Promise.all(
    users.map(async (user) => ({ user, ...(await proxy.getGroupsForUser({ user }, questionOptions(context))) })),
  );
  const text = found.map(({ user, groups }) => [user, ":", ...groups].join(" ")).join("\n");
  return { fields: { groups: Object.fromEntries(found.map(({ user, groups }) => [user, groups])) }, text };
}

async function reload(context: CommandContext): Promise<Outcome> {
  const proxy = context.client.getProxy(HrpcdAdmin, context.address);
  const { changed, pending, warnings } = await ofHrpcd(context, () => proxy.reload(questionOptions(context)));
  for (const warning of warnings) context.note(warning);
  const rows = [
    ...changed.map((setting) => ({ setting, "new value": "in force" })),
    ...pending.map((setting) => ({ setting, "new value": "needs a restart" })),
  ];
  const text = rows.length === 0 ? `${context.address}: no setting has changed` : table(rows);
  return { fields: { changed, pending, warnings }, text };
}

/** Hadoop's servers do not have these, nor has a server that a program of your own makes. */
async function ofHrpcd<T>(context: CommandContext, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isFromStranger(error)) throw error;
    throw new RpcError(
      "ERROR_NO_SUCH_PROTOCOL",
      `${context.address} is not the program hrpcd: only that can be asked this`,
      {
        cause: error,
      },
    );
  }
}
