/** A service module for hrpcd: what `dfsadmin -refresh` finds there. `RefreshHandlers.java` is the same for a NameNode. */
import type { ServiceModule } from "../../daemon/index.js";

const module: ServiceModule = {
  services: [],
  refresh: {
    echo: (args) => `${args.length} arguments: ${args.join("|")}`,
    refuse: () => ({ exitStatus: 3, userMessage: "not now" }),
    throw: () => {
      throw new Error("broken");
    },
  },
};
export default module;
