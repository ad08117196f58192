package org.apache.hadoop.ipc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.hadoop.hdfs.protocol.proto.AclProtos.FsPermissionProto;
import org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos.CreateRequestProto;
import org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos.FsyncRequestProto;
import org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos.GetFileInfoRequestProto;
import org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos.GetFileInfoResponseProto;
import org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos.GetListingResponseProto;
import org.apache.hadoop.hdfs.protocol.proto.HdfsProtos.BlockProto;
import org.apache.hadoop.hdfs.protocol.proto.HdfsProtos.DatanodeIDProto;
import org.apache.hadoop.hdfs.protocol.proto.HdfsProtos.DatanodeInfoProto;
import org.apache.hadoop.hdfs.protocol.proto.HdfsProtos.DirectoryListingProto;
import org.apache.hadoop.hdfs.protocol.proto.HdfsProtos.ExtendedBlockProto;
import org.apache.hadoop.hdfs.protocol.proto.HdfsProtos.HdfsFileStatusProto;
import org.apache.hadoop.hdfs.protocol.proto.HdfsProtos.LocatedBlockProto;
import org.apache.hadoop.hdfs.protocol.proto.HdfsProtos.LocatedBlocksProto;
import org.apache.hadoop.hdfs.protocol.proto.HdfsProtos.StorageTypeProto;
import org.apache.hadoop.hdfs.protocolPB.ClientNamenodeProtocolPB;
import org.apache.hadoop.ipc.protobuf.ProtobufRpcEngine2Protos.RequestHeaderProto;
import org.apache.hadoop.security.proto.SecurityProtos.TokenProto;
import org.apache.hadoop.thirdparty.protobuf.ByteString;
import org.apache.hadoop.thirdparty.protobuf.CodedInputStream;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.DescriptorProto;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.EnumDescriptorProto;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.FieldDescriptorProto;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.FieldOptions;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.FileDescriptorProto;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.MessageOptions;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.MethodDescriptorProto;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.OneofDescriptorProto;
import org.apache.hadoop.thirdparty.protobuf.DescriptorProtos.ServiceDescriptorProto;
import org.apache.hadoop.thirdparty.protobuf.Descriptors.Descriptor;
import org.apache.hadoop.thirdparty.protobuf.Descriptors.EnumValueDescriptor;
import org.apache.hadoop.thirdparty.protobuf.Descriptors.FieldDescriptor;
import org.apache.hadoop.thirdparty.protobuf.Descriptors.FileDescriptor;
import org.apache.hadoop.thirdparty.protobuf.DynamicMessage;
import org.apache.hadoop.thirdparty.protobuf.Message;

/**
 * Writes what Hadoop's protobuf makes of messages, and what it makes of damaged ones. JSON has no longs or bytes, so they are
 * tagged: {"long": "1"}, {"bytes": hex}, {"number": "NaN"}. Only fields that are present are written.
 */
public final class ProtobufVectors {
  private static final HexFormat HEX = HexFormat.of();
  private static final int DAMAGED = 400;
  private final List<String> messages = new ArrayList<>();
  private final List<String> damaged = new ArrayList<>();
  private final List<String> headers = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    Files.writeString(Path.of(args[0]), new ProtobufVectors().make());
  }

  private String make() throws Exception {
    hadoopMessages();
    FileDescriptorProto file = allTypesFile();
    Descriptor descriptor = FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("AllTypes");
    allTypes(descriptor);
    headers();
    return "{\n"
        + "  \"descriptor\": " + quote(HEX.formatHex(file.toByteArray())) + ",\n"
        + "  \"clientProtocolHashes\": " + hashes(ClientNamenodeProtocolPB.class) + ",\n"
        + section("descriptors", descriptors()) + ",\n"
        + section("headers", headers) + ",\n"
        + section("messages", messages) + ",\n"
        + section("damaged", damaged) + "\n}\n";
  }

  private static String section(String name, List<String> lines) {
    return "  " + quote(name) + ": [\n    " + String.join(",\n    ", lines) + "\n  ]";
  }

  private static String hashes(Class<?> protocol) {
    return java.util.Arrays.stream(protocol.getMethods()).mapToInt(method -> ProtocolSignature.getFingerprint(method)).sorted()
        .mapToObj(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }

  /** The files that ClientNamenodeProtocol.proto needs, itself included. */
  private static List<String> descriptors() {
    Map<String, FileDescriptor> files = new java.util.LinkedHashMap<>();
    List<FileDescriptor> waiting = new ArrayList<>(List.of(
        org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos.getDescriptor()));
    while (!waiting.isEmpty()) {
      FileDescriptor file = waiting.remove(0);
      if (files.put(file.getName(), file) == null) waiting.addAll(file.getDependencies());
    }
    return files.values().stream().map(file -> quote(HEX.formatHex(file.toProto().toByteArray()))).toList();
  }

  private void headers() {
    for (long version : new long[] {0, 1, 1001, Long.MAX_VALUE, -1}) {
      RequestHeaderProto header = RequestHeaderProto.newBuilder().setMethodName("echo")
          .setDeclaringClassProtocolName("demo.Echo").setClientProtocolVersion(version).build();
      headers.add("{\"version\": " + quote(Long.toString(version)) + ", \"hex\": "
          + quote(HEX.formatHex(header.toByteArray())) + "}");
    }
  }

  private void hadoopMessages() throws Exception {
    message(GetFileInfoRequestProto.newBuilder().setSrc("/").build());
    message(GetFileInfoRequestProto.newBuilder().setSrc("/a/\u00e9/\u20ac/\ud83d\ude00/" + "x".repeat(300)).build());
    message(GetFileInfoResponseProto.getDefaultInstance());
    HdfsFileStatusProto plain = HdfsFileStatusProto.newBuilder().setFileType(HdfsFileStatusProto.FileType.IS_DIR)
        .setPath(ByteString.EMPTY).setLength(0).setPermission(FsPermissionProto.newBuilder().setPerm(0755))
        .setOwner("hdfs").setGroup("supergroup").setModificationTime(1700000000000L).setAccessTime(0).build();
    message(GetFileInfoResponseProto.newBuilder().setFs(plain).build());
    HdfsFileStatusProto full = plain.toBuilder().setFileType(HdfsFileStatusProto.FileType.IS_FILE)
        .setPath(ByteString.copyFromUtf8("file")).setLength(-1L).setSymlink(ByteString.copyFrom(new byte[] {0, -1, 127}))
        .setBlockReplication(-1).setBlocksize(1L << 53).setFileId((1L << 53) + 1).setChildrenNum(-1).setStoragePolicy(7)
        .setFlags(Integer.MAX_VALUE).setNamespace("").setLocations(locations()).build();
    message(GetFileInfoResponseProto.newBuilder().setFs(full).build());
    message(GetListingResponseProto.newBuilder().setDirList(DirectoryListingProto.newBuilder().addPartialListing(plain)
        .addPartialListing(full).setRemainingEntries(3)).build());
    for (long length : new long[] {-1, 0, 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      message(FsyncRequestProto.newBuilder().setSrc("s").setClient("c").setLastBlockLength(length).build());
    }
    message(CreateRequestProto.newBuilder().setSrc("/f").setMasked(FsPermissionProto.newBuilder().setPerm(-1))
        .setClientName("me").setCreateFlag(3).setCreateParent(true).setReplication(3).setBlockSize(Long.MIN_VALUE).build());
  }

  private static LocatedBlocksProto locations() {
    ExtendedBlockProto block = ExtendedBlockProto.newBuilder().setPoolId("BP-1").setBlockId(-5).setGenerationStamp(1001)
        .setNumBytes(134217728).build();
    DatanodeInfoProto node = DatanodeInfoProto.newBuilder().setId(DatanodeIDProto.newBuilder().setIpAddr("127.0.0.1")
        .setHostName("localhost").setDatanodeUuid("u").setXferPort(9866).setInfoPort(9864).setIpcPort(9867))
        .setAdminState(DatanodeInfoProto.AdminState.DECOMMISSIONED).setLocation("/rack").build();
    TokenProto token = TokenProto.newBuilder().setIdentifier(ByteString.EMPTY).setPassword(ByteString.EMPTY).setKind("")
        .setService("").build();
    LocatedBlockProto located = LocatedBlockProto.newBuilder().setB(block).setOffset(0).addLocs(node).addLocs(node)
        .setCorrupt(false).setBlockToken(token).addIsCached(true).addIsCached(false)
        .addStorageTypes(StorageTypeProto.DISK).addStorageTypes(StorageTypeProto.SSD).addStorageIDs("a").addStorageIDs("")
        .build();
    return LocatedBlocksProto.newBuilder().setFileLength(1).addBlocks(located).setUnderConstruction(true)
        .setIsLastBlockComplete(false).build();
  }

  private static FieldDescriptorProto.Builder field(String name, int number, Type type, Label label) {
    return FieldDescriptorProto.newBuilder().setName(name).setNumber(number).setType(type).setLabel(label);
  }

  private static final Type[] SCALARS = {
    Type.TYPE_DOUBLE, Type.TYPE_FLOAT, Type.TYPE_INT64, Type.TYPE_UINT64, Type.TYPE_INT32, Type.TYPE_FIXED64,
    Type.TYPE_FIXED32, Type.TYPE_BOOL, Type.TYPE_STRING, Type.TYPE_BYTES, Type.TYPE_UINT32, Type.TYPE_SFIXED32,
    Type.TYPE_SFIXED64, Type.TYPE_SINT32, Type.TYPE_SINT64,
  };

  private static String plainName(Type type) {
    return type.name().substring(5).toLowerCase();
  }

  /** Every scalar type as optional, repeated, packed and in maps; enums, messages, oneofs and required fields beside them. */
  private static FileDescriptorProto allTypesFile() {
    DescriptorProto.Builder all = DescriptorProto.newBuilder().setName("AllTypes");
    int number = 1;
    for (Type type : SCALARS) {
      all.addField(field("opt_" + plainName(type), number++, type, Label.LABEL_OPTIONAL));
      all.addField(field("rep_" + plainName(type), number++, type, Label.LABEL_REPEATED));
      boolean packable = type != Type.TYPE_STRING && type != Type.TYPE_BYTES;
      if (packable) {
        all.addField(field("packed_" + plainName(type), number++, type, Label.LABEL_REPEATED)
            .setOptions(FieldOptions.newBuilder().setPacked(true)));
      }
    }
    String enumName = ".demo.AllTypes.Color";
    all.addEnumType(EnumDescriptorProto.newBuilder().setName("Color").addValue(value("RED", 0)).addValue(value("GREEN", 1))
        .addValue(value("COLD", -7)));
    all.addField(field("color", 100, Type.TYPE_ENUM, Label.LABEL_OPTIONAL).setTypeName(enumName).setDefaultValue("GREEN"));
    all.addField(field("colors", 101, Type.TYPE_ENUM, Label.LABEL_REPEATED).setTypeName(enumName));
    all.addField(field("packed_colors", 102, Type.TYPE_ENUM, Label.LABEL_REPEATED).setTypeName(enumName)
        .setOptions(FieldOptions.newBuilder().setPacked(true)));
    all.addNestedType(DescriptorProto.newBuilder().setName("Inner")
        .addField(field("id", 1, Type.TYPE_INT32, Label.LABEL_REQUIRED))
        .addField(field("list", 2, Type.TYPE_INT32, Label.LABEL_REPEATED))
        .addField(field("inner", 3, Type.TYPE_MESSAGE, Label.LABEL_OPTIONAL).setTypeName(".demo.AllTypes.Inner"))
        .addField(field("constructor", 4, Type.TYPE_STRING, Label.LABEL_OPTIONAL)));
    all.addField(field("inner", 200, Type.TYPE_MESSAGE, Label.LABEL_OPTIONAL).setTypeName(".demo.AllTypes.Inner"));
    all.addField(field("inners", 300, Type.TYPE_MESSAGE, Label.LABEL_REPEATED).setTypeName(".demo.AllTypes.Inner"));
    all.addField(field("last", 536870911, Type.TYPE_BOOL, Label.LABEL_OPTIONAL));
    map(all, "counts", 400, Type.TYPE_STRING, field("value", 2, Type.TYPE_INT64, Label.LABEL_OPTIONAL));
    map(all, "by_id", 401, Type.TYPE_SINT32, field("value", 2, Type.TYPE_MESSAGE, Label.LABEL_OPTIONAL)
        .setTypeName(".demo.AllTypes.Inner"));
    map(all, "by_flag", 402, Type.TYPE_BOOL, field("value", 2, Type.TYPE_ENUM, Label.LABEL_OPTIONAL).setTypeName(enumName));
    all.addOneofDecl(OneofDescriptorProto.newBuilder().setName("choice"));
    all.addField(field("one_text", 500, Type.TYPE_STRING, Label.LABEL_OPTIONAL).setOneofIndex(0));
    all.addField(field("one_inner", 501, Type.TYPE_MESSAGE, Label.LABEL_OPTIONAL).setTypeName(".demo.AllTypes.Inner")
        .setOneofIndex(0));
    all.addField(field("one_color", 502, Type.TYPE_ENUM, Label.LABEL_OPTIONAL).setTypeName(enumName).setOneofIndex(0));
    all.addField(field("blob", 600, Type.TYPE_BYTES, Label.LABEL_OPTIONAL).setDefaultValue("a\\000\\377\\n\\\\"));
    all.addField(field("most", 601, Type.TYPE_UINT64, Label.LABEL_OPTIONAL).setDefaultValue("18446744073709551615"));
    all.addField(field("nothing", 602, Type.TYPE_DOUBLE, Label.LABEL_OPTIONAL).setDefaultValue("-inf"));
    ServiceDescriptorProto service = ServiceDescriptorProto.newBuilder().setName("Echo").addMethod(MethodDescriptorProto
        .newBuilder().setName("echo").setInputType(".demo.AllTypes").setOutputType(".demo.AllTypes")).build();
    return FileDescriptorProto.newBuilder().setName("all-types.proto").setPackage("demo").addMessageType(all)
        .addService(service).build();
  }

  private static EnumValueDescriptorProto value(String name, int number) {
    return EnumValueDescriptorProto.newBuilder().setName(name).setNumber(number).build();
  }

  private static void map(DescriptorProto.Builder all, String name, int number, Type key, FieldDescriptorProto.Builder value) {
    String entry = Character.toUpperCase(name.charAt(0)) + name.substring(1).replace("_i", "I").replace("_f", "F") + "Entry";
    all.addNestedType(DescriptorProto.newBuilder().setName(entry).setOptions(MessageOptions.newBuilder().setMapEntry(true))
        .addField(field("key", 1, key, Label.LABEL_OPTIONAL)).addField(value));
    all.addField(field(name, number, Type.TYPE_MESSAGE, Label.LABEL_REPEATED).setTypeName(".demo.AllTypes." + entry));
  }

  /** Random good messages, then their bytes with faults. */
  private void allTypes(Descriptor descriptor) throws Exception {
    Random random = new Random(1);
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      DynamicMessage made = random(descriptor, random, 0);
      message(made);
      corpus.add(made.toByteArray());
    }
    for (String hex : HAND_MADE) damaged(descriptor, HEX.parseHex(hex.replace(" ", "")));
    damaged(descriptor, nested(100, "9a0100"));
    for (int depth : new int[] {99, 100, 101, 1_000}) damaged(descriptor, nested(depth, "0801"));
    damaged(descriptor, groups(100));
    damaged(descriptor, groups(101));
    while (damaged.size() < DAMAGED) {
      byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
      if (bytes.length > 0 && bytes.length < 400) damaged(descriptor, damage(bytes, random));
    }
  }

  /** Among them varints of ten bytes: bit 63 is set in all of them, whatever the tenth holds. */
  private static final String[] HAND_MADE = {
    "", "00", "07", "0f", "0e", "0c", "0b0c", "0b", "80", "ffffffffffffffffffff01", "ffffffffffffffffff01",
    "c20c00", "c20c020801", "c20c00 c20c020801", "c20c020801 c20c0410021005", "c20c020801 c20c0208ff", "c20c0408011201",
    "a006ffffffffffffffffff01", "a00607 a00601", "a006ffffffff0f", "a00681808080808080808001", "a8060007a80601", "aa0603000701",
    "b206020007", "b20603000780", "a0060107", "80190a", "821900", "8219040a0161", "8219020a00 8219020a00", "82190510011a0100",
    "821905120180", "8a1900", "8a19020802", "8a1904 0801 1200", "8a1906 0801 1202 0801",
    "921904 0801 1001", "921900", "a21f0161 aa1f020801", "aa1f020801 a21f0161", "aa1f020801 aa1f021005", "aa1f00",
    "a21f0161 b01f05", "a21f0161 b01f01", "f8ffffff0f01", "f8ffffff0f8002", "f8ffffff0f80808080808080808001",
    "f8ffffff0f8080808080808080808001",
    "3885808080808080808000", "3885808080808080808002", "388580808080808080807e", "388580808080808080807f",
    "38ffffffffffffffffff02", "3885808080808080808080", "388580808080808080808000", "388580808080808080",
    "5085808080808080808000", "3885808080808080808000 5007 5007 5007", "4a0a85808080808080808000", "4a0b8580808080808080800003",
    "f8ffffff0f80808080808080808000", "f8ffffff0f808080808080808000",
  };

  private static byte[] nested(int depth, String innermost) {
    byte[] inner = HEX.parseHex(innermost);
    for (int i = 0; i < depth; i++) {
      String tag = i == depth - 1 ? "c20c" : "1a";
      String required = i == depth - 1 ? "" : "0801";
      inner = HEX.parseHex((i == depth - 1 ? "" : required) + tag + varint(inner.length) + HEX.formatHex(inner));
    }
    return inner;
  }

  private static byte[] groups(int depth) {
    return HEX.parseHex("9bfa01".repeat(depth) + "9cfa01".repeat(depth));
  }

  private static String varint(int value) {
    StringBuilder text = new StringBuilder();
    int rest = value;
    for (; rest >= 0x80; rest >>>= 7) text.append(String.format("%02x", (rest & 0x7f) | 0x80));
    return text.append(String.format("%02x", rest)).toString();
  }

  private static byte[] damage(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0:
        return java.util.Arrays.copyOf(bytes, at);
      case 1:
        bytes[at] = (byte) random.nextInt(256);
        return bytes;
      case 2:
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
      default:
        byte[] twice = java.util.Arrays.copyOf(bytes, bytes.length + at);
        System.arraycopy(bytes, bytes.length - at, twice, bytes.length, at);
        return twice;
    }
  }

  private static DynamicMessage random(Descriptor descriptor, Random random, int depth) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(descriptor);
    for (FieldDescriptor field : descriptor.getFields()) {
      boolean needed = field.isRequired() || descriptor.getOptions().getMapEntry();
      boolean wanted = needed || random.nextInt(8) == 0;
      boolean tooDeep = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth > 3;
      if (!wanted || (tooDeep && !needed)) continue;
      if (!field.isRepeated()) builder.setField(field, random(builder, field, random, depth));
      // One entry at most: JavaScript has its own order of keys, and a key that comes twice would be written once.
      else if (field.isMapField()) builder.addRepeatedField(field, random(builder, field, random, depth));
      else for (int i = random.nextInt(4); i > 0; i--) builder.addRepeatedField(field, random(builder, field, random, depth));
    }
    return builder.build();
  }

  private static Object random(Message.Builder owner, FieldDescriptor field, Random random, int depth) {
    switch (field.getJavaType()) {
      case INT:
        return random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(400) - 200;
      case LONG:
        return random.nextInt(3) == 0 ? random.nextLong() : (random.nextLong() >> random.nextInt(64));
      case FLOAT:
        return random.nextInt(4) == 0 ? Float.NEGATIVE_INFINITY : random.nextFloat();
      case DOUBLE:
        return random.nextInt(4) == 0 ? -0.0 : random.nextGaussian();
      case BOOLEAN:
        return random.nextBoolean();
      case STRING:
        return List.of("", "text", "\u00e9\u20ac\ud83d\ude00", "__proto__", "x".repeat(130)).get(random.nextInt(5));
      case BYTE_STRING:
        byte[] bytes = new byte[random.nextInt(5)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
      case ENUM:
        return field.getEnumType().getValues().get(random.nextInt(field.getEnumType().getValues().size()));
      default:
        return random(field.getMessageType(), random, depth + 1);
    }
  }

  private void message(Message message) {
    messages.add("{\"type\": " + quote(message.getDescriptorForType().getFullName()) + ", \"hex\": "
        + quote(HEX.formatHex(message.toByteArray())) + ", \"value\": " + json(message) + "}");
  }

  /** Parses as ipc/RpcWritable.java does, from bytes that have their length in front. */
  private void damaged(Descriptor descriptor, byte[] bytes) throws Exception {
    String outcome;
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.pushLimit(bytes.length);
      Message parsed = DynamicMessage.getDefaultInstance(descriptor).getParserForType().parseFrom(in);
      in.checkLastTagWas(0);
      if (hasOddEntries(parsed)) return;
      outcome = "\"value\": " + json(parsed);
    } catch (org.apache.hadoop.thirdparty.protobuf.InvalidProtocolBufferException error) {
      outcome = "\"javaClass\": " + quote(error.getClass().getName()) + ", \"error\": " + quote(error.getMessage());
    }
    damaged.add("{\"hex\": " + quote(HEX.formatHex(bytes)) + ", " + outcome + "}");
  }

  /** Map entries of a DynamicMessage keep an enum's unknown number, where generated classes drop the entry. */
  private static boolean hasOddEntries(Message parsed) {
    List<?> entries = (List<?>) parsed.getField(parsed.getDescriptorForType().findFieldByName("by_flag"));
    return entries.stream().anyMatch(entry -> !((Message) entry).getUnknownFields().asMap().isEmpty());
  }

  private static String json(Message message) {
    return message.getAllFields().entrySet().stream()
        .map(entry -> quote(entry.getKey().getName()) + ": " + json(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String json(FieldDescriptor field, Object value) {
    if (field.isMapField()) return map((List<?>) value);
    if (!field.isRepeated()) return single(field, value);
    return ((List<?>) value).stream().map(item -> single(field, item)).collect(Collectors.joining(", ", "[", "]"));
  }

  /** The last entry of a key counts. */
  private static String map(List<?> entries) {
    Map<String, String> merged = new java.util.LinkedHashMap<>();
    for (Object item : entries) {
      Message entry = (Message) item;
      FieldDescriptor key = entry.getDescriptorForType().findFieldByNumber(1);
      FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
      merged.put(quote(String.valueOf(entry.getField(key))), single(value, entry.getField(value)));
    }
    return merged.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String single(FieldDescriptor field, Object value) {
    switch (field.getType()) {
      case UINT32:
      case FIXED32:
        return Integer.toUnsignedString((Integer) value);
      case UINT64:
      case FIXED64:
        return "{\"long\": " + quote(Long.toUnsignedString((Long) value)) + "}";
      case INT64:
      case SINT64:
      case SFIXED64:
        return "{\"long\": " + quote(value.toString()) + "}";
      case FLOAT:
        return "{\"number\": " + quote(Double.toString(((Float) value).doubleValue())) + "}";
      case DOUBLE:
        return "{\"number\": " + quote(value.toString()) + "}";
      case STRING:
        return quote((String) value);
      case BYTES:
        return "{\"bytes\": " + quote(HEX.formatHex(((ByteString) value).toByteArray())) + "}";
      case ENUM:
        return quote(((EnumValueDescriptor) value).getName());
      case MESSAGE:
        return json((Message) value);
      default:
        return value.toString();
    }
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char unit : text.toCharArray()) {
      if (unit == '"' || unit == '\\') quoted.append('\\').append(unit);
      else if (unit >= ' ' && unit < 0x7f) quoted.append(unit);
      else quoted.append(String.format("\\u%04x", (int) unit));
    }
    return quoted.append('"').toString();
  }
}
