/**
 * Bytes of requests that a server holds and could let go: of frames that are being received, and of calls that wait. One count
 * for all connections, kept by them; who adds to it asks afterwards whether it is too much.
 */
export class RequestMemory {
  /** Bytes held now. */
  used = 0;
  /** Beyond so many somebody has to go (`hrpcd.server.request.bytes.max`). */
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }
}
