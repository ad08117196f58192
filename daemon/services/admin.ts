/**
 * The protocols by which operators and Hadoop's tools administer any daemon: `dfsadmin -refreshCallQueue`, `-refreshServiceAcl`,
 * `-refreshUserToGroupsMappings`, `-refreshSuperUserGroupsConfiguration`, `-refresh`, and `hdfs groups`.
 *
 * As on a NameNode without service-level authorization, anyone who may call the server may call these; a function that should be
 * for some users only looks at `call.user`. Each of these calls, but for the question for groups, is the event `hrpcd:admin:call`.
 */
import type { Service } from "../../protocol/engine.js";
import { publish } from "../../protocol/events.js";
import {
  GenericRefresh,
  GetUserMappings,
  RefreshAuthorizationPolicy,
  RefreshCallQueue,
  RefreshUserMappings,
} from "../../protocol/hadoop-protocols.js";
import { JAVA_CLASS, RpcError } from "../../protocol/rpc-error.js";
import type { Call } from "../call.js";
import type { GroupSource } from "../group-source.js";
import { implement } from "../protocols.js";
import type { RefreshRegistry } from "../refresh-registry.js";

/** Does what an operator asks for; what it throws is the operator's answer. */
export type AdminAction = (call: Call) => void | Promise<void>;

/** What a server offers to its operators. A protocol of which nothing is given is not served, but for refreshServiceAcl's. */
export interface AdminOptions {
  /** Such as `() => server.refreshCallQueue(settingsReadAgain())`. */
  readonly refreshCallQueue?: AdminAction;
  /** Default: Hadoop's answer when service-level authorization is off, an AuthorizationException. */
  readonly refreshServiceAcl?: AdminAction;
  /** Default: UnsupportedOperationException, for no user may act for another here, whatever hadoop.proxyuser says. */
  readonly refreshSuperUserGroupsConfiguration?: AdminAction;
  /** Answers what groups a user has, and forgets what it has cached: what `createGroups` makes. */
  readonly groups?: GroupSource & { refresh(): void | Promise<void> };
  /** The services' own handlers, by identifier. */
  readonly refresh?: RefreshRegistry;
}

/**
 * The services to put among those of `createServer`, version 1 over protobuf:
 *
 * ```ts
 * const refresh = new RefreshRegistry();
 * refresh.register("cache", () => { cache.clear(); });
 * const server: Server = createServer({ services: [
 *   ...myServices,
 *   ...adminServices({ refresh, groups: createGroups(conf), refreshCallQueue: () => server.refreshCallQueue(readConf()) }),
 * ] });
 * ```
 */
export function adminServices(options: AdminOptions): Service[] {
  const { refreshCallQueue, refreshServiceAcl = authorizationIsOff, groups, refresh } = options;
  const superUsers = options.refreshSuperUserGroupsConfiguration;
  const services = [implement(RefreshAuthorizationPolicy, { refreshServiceAcl: running(refreshServiceAcl) })];
  if (refreshCallQueue !== undefined) {
    services.push(implement(RefreshCallQueue, { refreshCallQueue: running(refreshCallQueue) }));
  }
  if (groups !== undefined || superUsers !== undefined) {
    const mappings = {
      refreshUserToGroupsMappings: running(groups === undefined ? noGroups : () => groups.refresh()),
      refreshSuperUserGroupsConfiguration: running(superUsers ?? noProxyUsers),
    };
    services.push(implement(RefreshUserMappings, mappings));
  }
  if (groups !== undefined) {
    services.push(
      implement(GetUserMappings, {
        getGroupsForUser: async ({ user }) => ({ groups: [...(await groups.groupsOf(user))] }),
      }),
    );
  }
  if (refresh !== undefined) {
    services.push(
      implement(GenericRefresh, {
        refresh: async ({ identifier = "", args = [] }, call) => {
          tell(call);
          return { responses: await refresh.dispatch(identifier, args, call) };
        },
      }),
    );
  }
  return services;
}

type EmptyMessage = Record<string, never>;

/** The method of an action: its request and its response are messages without fields. */
function running(action: AdminAction): (request: EmptyMessage, call: Call) => Promise<EmptyMessage> {
  return async (_request, call) => {
    tell(call);
    await action(call);
    return {};
  };
}

function tell(call: Call): void {
  publish("hrpcd:admin:call", () => ({
    peer: `${call.remoteAddress}:${call.remotePort}`,
    user: call.user?.name ?? "",
    protocol: call.protocolName,
    method: call.methodName,
  }));
}

/** Hadoop: NameNodeRpcServer.refreshServiceAcl, with hadoop.security.authorization at its default. */
function authorizationIsOff(): never {
  throw new RpcError("ERROR_APPLICATION", "Service Level Authorization not enabled!", {
    javaClass: JAVA_CLASS.authorization,
  });
}

function noProxyUsers(): never {
  throw unsupported("no user may act for another on this server: it has no hadoop.proxyuser rules to read again");
}

function noGroups(): never {
  throw unsupported("this server asks nobody for the groups of users: there is nothing cached to forget");
}

function unsupported(message: string): RpcError {
  return new RpcError("ERROR_APPLICATION", message, { javaClass: "java.lang.UnsupportedOperationException" });
}
