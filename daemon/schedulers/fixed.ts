/** The same level for every call, and never a refusal (Hadoop's default: ipc/DefaultRpcScheduler.java). */
import type { Scheduler } from "../scheduler.js";

export class FixedScheduler implements Scheduler {
  readonly levels: number;
  readonly addResponseTime: undefined;

  /** `levels` is how many the call queue has: all calls have the first. */
  constructor(levels: number) {
    this.levels = levels;
    this.addResponseTime = undefined;
  }

  priorityLevel(): number {
    return 0;
  }

  shouldBackOff(): boolean {
    return false;
  }

  stop(): void {}
}
