/**
 * SIMPLE: the peer is who it says it is.
 *
 * ```
 *   client without SASL   preamble 00, context, calls
 *   client with SASL      preamble df, NEGOTIATE  ->  SUCCESS without auths: the client goes on in the clear
 * ```
 * Hadoop: ipc/Server.java processSaslMessage, buildSaslNegotiateResponse, switchToSimple.
 */
import type { AuthMethod, NegotiationStep, ServerNegotiation } from "../auth-method.js";
import { JAVA_CLASS, RpcError } from "../rpc-error.js";
import type { SaslMessage } from "../wire/sasl-message.js";

const SUCCESS: SaslMessage = { state: "SUCCESS", auths: [] };

class SimpleNegotiation implements ServerNegotiation {
  /** The client was told what the server offers; it is told once. */
  #told = false;

  receive(message: SaslMessage): NegotiationStep {
    switch (message.state) {
      case "NEGOTIATE":
        if (this.#told) throw denied("Client already attempted negotiation");
        return { reply: SUCCESS, switchToSimple: true };
      case "INITIATE": {
        const [auth] = message.auths;
        if (auth === undefined || message.auths.length > 1) throw refused("Client mechanism is malformed");
        if (this.#told) throw denied(`${auth.method} authentication is not enabled.  Available:[SIMPLE]`);
        // A client that guesses is told what the server offers, and may go on.
        this.#told = true;
        return { reply: SUCCESS, switchToSimple: false };
      }
      case "WRAP":
        throw new RpcError("FATAL_INVALID_RPC_HEADER", "Server is not wrapping data", { javaClass: JAVA_CLASS.sasl });
      case "RESPONSE":
        // Hadoop closes without a word here (a null pointer); a refusal that says why is kinder.
        throw refused("Client sent RESPONSE before INITIATE");
      default:
        throw refused(`Client sent unsupported state ${message.state}`);
    }
  }
}

function refused(message: string): RpcError {
  return new RpcError("FATAL_UNAUTHORIZED", message, { javaClass: JAVA_CLASS.sasl });
}

function denied(message: string): RpcError {
  return new RpcError("FATAL_UNAUTHORIZED", message, { javaClass: JAVA_CLASS.accessControl });
}

export const simple: AuthMethod = { name: "SIMPLE", preamble: "none", openServer: () => new SimpleNegotiation() };
