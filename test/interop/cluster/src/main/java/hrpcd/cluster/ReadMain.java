package hrpcd.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.binary.Hex;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.ipc.ProtobufRpcEngine2;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.net.NetUtils;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.thirdparty.protobuf.ByteString;
import org.apache.hadoop.thirdparty.protobuf.Descriptors.EnumValueDescriptor;
import org.apache.hadoop.thirdparty.protobuf.Descriptors.FieldDescriptor;
import org.apache.hadoop.thirdparty.protobuf.Message;
import org.apache.hadoop.thirdparty.protobuf.RpcController;
import org.apache.hadoop.thirdparty.protobuf.ServiceException;
import org.apache.hadoop.thirdparty.protobuf.TextFormat;

/**
 * Hadoop's client, told what to call: reads lines {@code host:port<TAB>user<TAB>protocol's interface<TAB>method<TAB>request
 * in protobuf's text format}, and answers each with a line of JSON, {@code {"value": ...}} or {@code {"error": {...}}}.
 */
public final class ReadMain {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Object> PROXIES = new HashMap<>();

  private ReadMain() {}

  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(JSON.writeValueAsString(call(line.split("\t", -1))));
    }
    System.exit(0);
  }

  private static Map<String, Object> call(String[] asked) throws Exception {
    Class<?> protocol = Class.forName(asked[2]);
    Object proxy = proxyOf(protocol, asked[0], asked[1]);
    Method method = methodOf(protocol, asked[3]);
    Message.Builder request = (Message.Builder) method.getParameterTypes()[1].getMethod("newBuilder").invoke(null);
    TextFormat.merge(asked[4], request);
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      answer.put("value", valueOf((Message) method.invoke(proxy, null, request.build())));
    } catch (InvocationTargetException failure) {
      answer.put("error", errorOf((ServiceException) failure.getCause()));
    }
    return answer;
  }

  private static Object proxyOf(Class<?> protocol, String address, String user) throws IOException {
    String key = protocol.getName() + " " + address + " " + user;
    if (!PROXIES.containsKey(key)) {
      Configuration conf = new Configuration();
      RPC.setProtocolEngine(conf, protocol, ProtobufRpcEngine2.class);
      InetSocketAddress server = NetUtils.createSocketAddr(address);
      UserGroupInformation caller = UserGroupInformation.createRemoteUser(user);
      long version = RPC.getProtocolVersion(protocol);
      PROXIES.put(key, RPC.getProxy(protocol, version, server, caller, conf, NetUtils.getDefaultSocketFactory(conf)));
    }
    return PROXIES.get(key);
  }

  private static Method methodOf(Class<?> protocol, String name) {
    for (Method method : protocol.getMethods()) {
      if (method.getName().equals(name) && method.getParameterTypes()[0] == RpcController.class) return method;
    }
    throw new IllegalArgumentException(protocol.getName() + " has no method " + name);
  }

  private static Map<String, Object> errorOf(ServiceException failure) {
    Map<String, Object> told = new LinkedHashMap<>();
    if (failure.getCause() instanceof RemoteException) {
      RemoteException cause = (RemoteException) failure.getCause();
      told.put("javaClass", cause.getClassName());
      told.put("code", cause.getErrorCode() == null ? null : cause.getErrorCode().name());
      told.put("text", cause.getMessage());
    } else {
      told.put("text", String.valueOf(failure.getCause()));
    }
    return told;
  }

  /** Every list and map, every field that came, and every default that the declaration names. */
  private static Map<String, Object> valueOf(Message message) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        List<Object> items = new ArrayList<>();
        for (Object item : (List<?>) message.getField(field)) items.add(itemOf(field, item));
        fields.put(field.getName(), items);
      } else if (message.hasField(field) || field.hasDefaultValue()) {
        fields.put(field.getName(), itemOf(field, message.getField(field)));
      }
    }
    return fields;
  }

  /** 64-bit integers and bytes become texts, which say what they are. */
  private static Object itemOf(FieldDescriptor field, Object value) {
    if (value instanceof Message) return valueOf((Message) value);
    if (value instanceof EnumValueDescriptor) return ((EnumValueDescriptor) value).getName();
    if (value instanceof ByteString) return "hex " + Hex.encodeHexString(((ByteString) value).toByteArray());
    if (field.getType() == FieldDescriptor.Type.UINT64) return "long " + Long.toUnsignedString((Long) value);
    if (field.getType() == FieldDescriptor.Type.UINT32) return Integer.toUnsignedLong((Integer) value);
    return value instanceof Long ? "long " + value : value;
  }
}
