package hrpcd.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.hadoop.ha.HAServiceProtocol;
import org.apache.hadoop.ha.HAServiceStatus;
import org.apache.hadoop.ha.HealthCheckFailedException;
import org.apache.hadoop.ha.ServiceFailedException;
import org.apache.hadoop.ha.ZKFCProtocol;
import org.apache.hadoop.ha.proto.HAServiceProtocolProtos.HAServiceProtocolService;
import org.apache.hadoop.ha.proto.ZKFCProtocolProtos.ZKFCProtocolService;
import org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB;
import org.apache.hadoop.ha.protocolPB.HAServiceProtocolServerSideTranslatorPB;
import org.apache.hadoop.ha.protocolPB.ZKFCProtocolPB;
import org.apache.hadoop.ha.protocolPB.ZKFCProtocolServerSideTranslatorPB;
import org.apache.hadoop.ipc.GenericRefreshProtocol;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.ipc.RefreshResponse;
import org.apache.hadoop.ipc.proto.GenericRefreshProtocolProtos.GenericRefreshProtocolService;
import org.apache.hadoop.ipc.protocolPB.GenericRefreshProtocolPB;
import org.apache.hadoop.ipc.protocolPB.GenericRefreshProtocolServerSideTranslatorPB;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.tools.GetUserMappingsProtocol;
import org.apache.hadoop.tools.proto.GetUserMappingsProtocolProtos.GetUserMappingsProtocolService;
import org.apache.hadoop.tools.protocolPB.GetUserMappingsProtocolPB;
import org.apache.hadoop.tools.protocolPB.GetUserMappingsProtocolServerSideTranslatorPB;

/** Hadoop's own protocols over protobuf, behind Hadoop's own translators. {@code protobuf-services.ts} has the same in TypeScript. */
final class ProtobufServices {
  private ProtobufServices() {}

  /** Adds all of them to a server. */
  static void addTo(RPC.Server server) {
    Engines.protobuf();
    add(
        server,
        HAServiceProtocolPB.class,
        HAServiceProtocolService.newReflectiveBlockingService(new HAServiceProtocolServerSideTranslatorPB(new HaService())));
    add(
        server,
        ZKFCProtocolPB.class,
        ZKFCProtocolService.newReflectiveBlockingService(new ZKFCProtocolServerSideTranslatorPB(new Controller())));
    add(
        server,
        GetUserMappingsProtocolPB.class,
        GetUserMappingsProtocolService.newReflectiveBlockingService(
            new GetUserMappingsProtocolServerSideTranslatorPB(new UserMappings())));
    add(
        server,
        GenericRefreshProtocolPB.class,
        GenericRefreshProtocolService.newReflectiveBlockingService(
            new GenericRefreshProtocolServerSideTranslatorPB(new Refresh())));
    add(server, ProtobufProtocols.RawPB.class, RawService.create());
    add(server, ProtobufProtocols.RawV3PB.class, RawService.create());
  }

  private static void add(RPC.Server server, Class<?> protocol, Object service) {
    server.addProtocol(RPC.RpcKind.RPC_PROTOCOL_BUFFER, protocol, service);
  }

  /** A daemon that stands by and cannot say more than that. */
  private static final class HaService implements HAServiceProtocol {
    @Override
    public void monitorHealth() throws IOException {
      throw new HealthCheckFailedException("the disk is full");
    }

    @Override
    public void transitionToActive(StateChangeRequestInfo info) {}

    @Override
    public void transitionToStandby(StateChangeRequestInfo info) throws IOException {
      throw new ServiceFailedException("asked by " + info.getSource());
    }

    @Override
    public void transitionToObserver(StateChangeRequestInfo info) throws IOException {
      throw new AccessControlException("asked by " + info.getSource());
    }

    @Override
    public HAServiceStatus getServiceStatus() {
      return new HAServiceStatus(HAServiceState.STANDBY).setNotReadyToBecomeActive("still starting");
    }
  }

  /** Says what it was asked for, in a failure. */
  private static final class Controller implements ZKFCProtocol {
    @Override
    public void cedeActive(int millis) throws IOException {
      throw new IOException("cede for " + millis);
    }

    @Override
    public void gracefulFailover() {}
  }

  private static final class UserMappings implements GetUserMappingsProtocol {
    @Override
    public String[] getGroupsForUser(String user) throws IOException {
      if (user.isEmpty()) {
        throw new IOException("No groups found for user " + user);
      }
      return new String[] {user, "staff", "na\u00efve \u4f60"};
    }
  }

  /** Answers each argument, with its length. */
  private static final class Refresh implements GenericRefreshProtocol {
    @Override
    public Collection<RefreshResponse> refresh(String identifier, String[] args) {
      List<RefreshResponse> responses = new ArrayList<>();
      for (String arg : args) {
        RefreshResponse response = new RefreshResponse(-arg.length(), arg);
        response.setSenderName(identifier);
        responses.add(response);
      }
      if (identifier.equals("large")) {
        char[] text = new char[Integer.parseInt(args[0])];
        Arrays.fill(text, 'x');
        responses.get(0).setMessage(new String(text));
      }
      return responses;
    }
  }
}
