/**
 * Contract of an authentication method, for both sides, so that they cannot drift. `auth-methods/` holds one file each.
 *
 * A negotiation is a conversation of SASL messages on one connection, before the connection context. A server holds it with
 * whoever begins one; our client never does, as its one method, SIMPLE, opens without.
 */
import type { SaslMessage } from "./wire/sasl-message.js";

export interface AuthMethod {
  /** Name as it travels in SaslAuth.method: "SIMPLE", "TOKEN", "KERBEROS". */
  readonly name: string;
  /** What our client's preamble says: that its context follows at once ("none"), or a negotiation. */
  readonly preamble: "none" | "sasl";
  openServer(): ServerNegotiation;
}

export interface ServerNegotiation {
  /** Answers one message of the client. Throws RpcError: the connection is refused with it. */
  receive(message: SaslMessage): NegotiationStep;
}

export interface NegotiationStep {
  readonly reply: SaslMessage;
  /** The negotiation is over; the connection goes on as if it had been opened without SASL. */
  readonly switchToSimple: boolean;
}
