/** Builds jars as Hadoop's are: the descriptors of `.proto` files in classes, and interfaces that tell of protocols. */
import { zipSync } from "fflate";
import protobufjs from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { classFile } from "./class-builder.js";

/** A `.proto` file that protoc has made a class of. */
export interface CompiledProto {
  /** As other files import it. */
  readonly path: string;
  readonly text: string;
  readonly package: string;
  readonly javaPackage: string;
  readonly javaOuterClass: string;
  readonly imports?: readonly string[];
}

/** The strings of the class that protoc makes of a file. */
export function embedded(proto: CompiledProto): string[] {
  const { root } = protobufjs.parse(proto.text, new protobufjs.Root(), { keepCase: true });
  // Features such as proto2's required fields are known when names are resolved.
  root.resolveAll();
  const set = root.toDescriptor("proto2") as unknown as descriptor.IFileDescriptorSet;
  const [made] = set.file ?? [];
  const options = { javaPackage: proto.javaPackage, javaOuterClassname: proto.javaOuterClass };
  const whole = { ...made, name: proto.path, package: proto.package, dependency: [...(proto.imports ?? [])], options };
  const bytes = Buffer.from(descriptor.FileDescriptorProto.encode(whole).finish()).toString("latin1");
  return [bytes.slice(0, 20), bytes.slice(20)];
}

/** An interface with `@ProtocolInfo`. */
export interface AnnotatedInterface {
  /** With slashes: `org/example/StorePB`. */
  readonly name: string;
  /** Its `.proto` service's class: `org/example/StoreProtos$Store`. */
  readonly service: string;
  readonly protocolName: string;
  readonly version: bigint;
}

/** The bytes of a jar. */
export function jarOf(protos: readonly CompiledProto[], interfaces: readonly AnnotatedInterface[]): Uint8Array {
  const classes = protos.map((proto): [string, Buffer] => [
    `${proto.javaPackage.replaceAll(".", "/")}/${proto.javaOuterClass}.class`,
    classFile({ pieces: embedded(proto) }),
  ]);
  const annotated = interfaces.map(({ name, protocolName, service, version }): [string, Buffer] => {
    const values = { protocolName, protocolVersion: version };
    const annotation = { type: "Lorg/apache/hadoop/ipc/ProtocolInfo;", values };
    return [`${name}.class`, classFile({ name, interfaces: [`${service}$BlockingInterface`], annotation })];
  });
  return zipSync(Object.fromEntries([...classes, ...annotated]));
}
