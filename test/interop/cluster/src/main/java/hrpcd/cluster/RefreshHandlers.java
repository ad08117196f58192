package hrpcd.cluster;

import org.apache.hadoop.ipc.RefreshHandler;
import org.apache.hadoop.ipc.RefreshRegistry;
import org.apache.hadoop.ipc.RefreshResponse;

/** What {@code dfsadmin -refresh} finds at the NameNode; {@code refresh-service.ts} is the same for hrpcd. */
final class RefreshHandlers {
  private static final class Echo implements RefreshHandler {
    @Override
    public RefreshResponse handleRefresh(String identifier, String[] args) {
      return new RefreshResponse(0, args.length + " arguments: " + String.join("|", args));
    }
  }

  private static final class Refuse implements RefreshHandler {
    @Override
    public RefreshResponse handleRefresh(String identifier, String[] args) {
      return new RefreshResponse(3, "not now");
    }
  }

  private static final class Throw implements RefreshHandler {
    @Override
    public RefreshResponse handleRefresh(String identifier, String[] args) {
      throw new IllegalStateException("broken");
    }
  }

  private RefreshHandlers() {}

  static void register() {
    RefreshRegistry registry = RefreshRegistry.defaultRegistry();
    registry.register("echo", new Echo());
    registry.register("refuse", new Refuse());
    registry.register("throw", new Throw());
  }
}
