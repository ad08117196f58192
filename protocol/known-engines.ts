/** The engines that come with hrpcd: what `protocol/engines` holds, as values. */
import type { Engine } from "./engine.js";
import { avroEngine } from "./engines/avro.js";
import { protobufEngine } from "./engines/protobuf.js";
import { writableEngine } from "./engines/writable.js";

/** Every engine there is, one for each RPC kind. */
export const KNOWN_ENGINES: readonly Engine[] = [avroEngine, protobufEngine, writableEngine];
