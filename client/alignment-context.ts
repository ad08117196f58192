/**
 * How far a server's state has come, as far as its results told: a client that sends it back never reads an older state
 * (Hadoop: ipc/AlignmentContext.java, hdfs/ClientGSIContext.java). Errors tell it too; Hadoop's client passes that over, so that
 * an observer NameNode goes on to refuse whoever has seen no state yet.
 *
 * ```
 *   result:   stateId | routerFederatedState  -->  the largest seen of each  -->  both, in every later request
 *
 *   routerFederatedState:   | 0a, length | 0a, length, namespace | 10, state id as varint | | 0a, ...
 * ```
 * A router of several namespaces tells `routerFederatedState`, and its `stateId` beside it means nothing.
 */
import { ByteReader } from "../protocol/wire/byte-reader.js";
import { ByteWriter } from "../protocol/wire/byte-writer.js";

/**
 * Bytes of one router's namespaces, since each request carries them: a namespace beyond is not remembered. Routers tell of five
 * (dfs.federation.router.observer.federated.state.propagation.maxsize).
 */
export const MAX_ROUTER_STATE_BYTES = 16_384;

/** What an entry takes beside the namespace's name, at most: two tags and a length each, and ten bytes of state id. */
const ENTRY_BYTES = 20;
/** Protocols of servers whose state is remembered. */
export const MAX_TARGETS = 1000;

/** Room for a few namespaces. */
const SLAB_BYTES = 256;

const TAG = { entry: 0x0a, namespace: 0x0a, stateId: 0x10 } as const;

/** Header fields of requests that tell what was seen. */
export interface AlignmentFields {
  readonly stateId: bigint | undefined;
  readonly routerFederatedState: Buffer | undefined;
}

/** What one server told those who call one protocol of it: Hadoop's client keeps a context with each proxy. */
export class AlignmentContext {
  /** Undefined until the server has told something. */
  fields: AlignmentFields | undefined = undefined;
  readonly #namespaces = new Map<string, bigint>();
  #bytes = 0;

  /**
   * Takes the fields of a result, before its caller is woken. What a router told and cannot be decoded is passed over, as
   * Hadoop's client does. `routerFederatedState` is read at once.
   */
  receive(stateId: bigint | undefined, routerFederatedState: Buffer | undefined): void {
    const known = this.fields;
    if (routerFederatedState !== undefined) {
      if (this.#merge(routerFederatedState)) {
        this.fields = { stateId: known?.stateId, routerFederatedState: encodeNamespaces(this.#namespaces) };
      }
    } else if (stateId !== undefined && (known?.stateId === undefined || stateId > known.stateId)) {
      this.fields = { stateId, routerFederatedState: known?.routerFederatedState };
    }
  }

  /** Whether that told anything new. */
  #merge(bytes: Buffer): boolean {
    let changed = false;
    for (const [namespace, stateId] of decodeNamespaces(bytes)) {
      const known = this.#namespaces.get(namespace);
      if (known === undefined ? !this.#hasRoomFor(namespace) : known >= stateId) continue;
      this.#namespaces.set(namespace, stateId);
      changed = true;
    }
    return changed;
  }

  /** Takes the room if there is any. */
  #hasRoomFor(namespace: string): boolean {
    const length = Buffer.byteLength(namespace) + ENTRY_BYTES;
    if (this.#bytes + length > MAX_ROUTER_STATE_BYTES) return false;
    this.#bytes += length;
    return true;
  }
}

/** What the servers of one client told, by what tells its connections apart; it outlives them. */
export class AlignmentContexts {
  /** The one asked for last is the last. */
  readonly #byTarget = new Map<string, AlignmentContext>();

  of(target: string): AlignmentContext {
    const context = this.#byTarget.get(target) ?? new AlignmentContext();
    this.#byTarget.delete(target);
    this.#byTarget.set(target, context);
    if (this.#byTarget.size > MAX_TARGETS) {
      for (const [oldest] of this.#byTarget) {
        this.#byTarget.delete(oldest);
        break;
      }
    }
    return context;
  }
}

/** RouterFederatedStateProto { map<string, int64> namespaceStateIds = 1; } (Hadoop: hdfs.proto). Empty if it is malformed. */
function decodeNamespaces(bytes: Buffer): Map<string, bigint> {
  const namespaces = new Map<string, bigint>();
  const reader = new ByteReader(bytes);
  try {
    while (reader.remaining > 0) {
      const tag = reader.readTag();
      if (tag === TAG.entry) readEntry(reader, namespaces);
      else reader.skipField(tag);
    }
  } catch {
    return new Map();
  }
  return namespaces;
}

/** Either field of a map's entry may be absent. */
function readEntry(reader: ByteReader, namespaces: Map<string, bigint>): void {
  const length = reader.readLength();
  const entry = new ByteReader(reader.readBytes(length));
  let namespace = "";
  let stateId = 0n;
  while (entry.remaining > 0) {
    const tag = entry.readTag();
    if (tag === TAG.namespace) namespace = entry.readUtf8(entry.readLength());
    else if (tag === TAG.stateId) stateId = entry.readVarint64();
    else entry.skipField(tag);
  }
  namespaces.set(namespace, stateId);
}

function encodeNamespaces(namespaces: ReadonlyMap<string, bigint>): Buffer {
  const out = new ByteWriter(SLAB_BYTES);
  for (const [namespace, stateId] of namespaces) {
    out.writeByte(TAG.entry);
    const mark = out.beginDelimited();
    out.writeStringField(TAG.namespace, namespace);
    out.writeByte(TAG.stateId);
    out.writeVarint64(stateId);
    out.endDelimited(mark);
  }
  return out.take();
}
