/**
 * Contract of the cost provider: what a call costs its user. `cost-providers/` holds one file each
 * (Hadoop: ipc/CostProvider.java).
 */
import type { ProcessingDetails } from "./processing-details.js";

export interface CostProvider {
  /** The cost of a call that has run: a whole number of at least 0. Only costs of one provider can be compared. */
  cost(details: ProcessingDetails): number;
}
