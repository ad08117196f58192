/** Every call costs the same (Hadoop's default: ipc/DefaultCostProvider.java). */
import type { CostProvider } from "../cost-provider.js";

export const callCostProvider: CostProvider = {
  cost: () => 1,
};
