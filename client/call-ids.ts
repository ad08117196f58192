/**
 * Call ids of one client: 0, 1, 2 ... up to 31 bits and round again, over all of its connections (Hadoop: ipc/Client.java
 * nextCallId). An id is used up only when its request was encoded, so the sequence has no gaps.
 */

const MAX_CALL_ID = 0x7fffffff;

export class CallIds {
  #next: number;
  #wrapped = false;

  /** `first` is where a test begins; 0 otherwise. */
  constructor(first = 0) {
    this.#next = first;
  }

  /** The id of the next call. `inUse` tells of ids that may not be used again yet; at least one must be free. */
  peek(inUse: (callId: number) => boolean): number {
    if (this.#wrapped) while (inUse(this.#next)) this.use();
    return this.#next;
  }

  /** Uses up the id that `peek` gave. */
  use(): void {
    if (this.#next === MAX_CALL_ID) {
      this.#next = 0;
      this.#wrapped = true;
    } else {
      this.#next++;
    }
  }
}
