/** hrpcd's server: `createServer` and what a service author needs. */
export type { Service } from "../protocol/engine.js";
export { RpcError } from "../protocol/rpc-error.js";
export type { Call, User } from "./call.js";
export type { Clock } from "./clock.js";
export type { ByteStream } from "./connection.js";
export type { GroupSource } from "./group-source.js";
export { createGroups, Groups, type GroupsOptions } from "./groups.js";
export { createHttpListener, type HttpListener, type HttpListenerOptions, type Observed } from "./http-listener.js";
export type { Metric, MetricsBean, MetricsRecord, MetricsSource } from "./metrics.js";
export { type Implementation, implement } from "./protocols.js";
export { type RefreshAnswer, type RefreshHandler, RefreshRegistry } from "./refresh-registry.js";
export { createServer, type Server, type ServerOptions } from "./server.js";
export type { ServiceModule } from "./service-loader.js";
export { type AdminAction, type AdminOptions, adminServices } from "./services/admin.js";
