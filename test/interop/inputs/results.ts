/** Calls whose results are compared byte for byte, and every way in which a method can fail. */
import { type ByteBuilder, bytes } from "../../helpers/byte-builder.js";
import { callFrame, READY, type WireInput } from "./input.js";

const STRING = "java.lang.String";
const COMPACT = "org.apache.hadoop.io.ArrayPrimitiveWritable$Internal";

function call(name: string, method: string, ...parameters: readonly ByteBuilder[]): WireInput {
  const all = bytes();
  for (const parameter of parameters) all.bytes(parameter);
  const sent = callFrame({ method, count: parameters.length, parameters: all });
  return { name, bytes: Buffer.concat([READY, sent]), fate: "ready", answers: 1 };
}

function primitive(type: string, digits: string): ByteBuilder {
  return bytes().string16(type).hex(digits);
}

function string(text: string): ByteBuilder {
  return bytes().string16(STRING).string16(text);
}

function nothing(declared: string): ByteBuilder {
  return bytes()
    .string16("org.apache.hadoop.io.Writable")
    .string16("org.apache.hadoop.io.ObjectWritable$NullInstance")
    .string16(declared);
}

function writableValue(className: string, digits: string): ByteBuilder {
  return bytes().string16(className).string16(className).hex(digits);
}

function hadoopWritable(name: string, digits: string): ByteBuilder {
  return writableValue(`org.apache.hadoop.io.${name}`, digits);
}

function compact(component: string, count: number, digits: string): ByteBuilder {
  return bytes().string16(COMPACT).string16(component).int32(count).hex(digits);
}

function array(className: string, ...elements: readonly ByteBuilder[]): ByteBuilder {
  const all = bytes().string16(className).int32(elements.length);
  for (const element of elements) all.bytes(element);
  return all;
}

const color = (name: string): ByteBuilder => bytes().string16("hrpcd.interop.Color").string16(name);

const SINGLE: readonly WireInput[] = [
  call("the result of a boolean", "echoBoolean", primitive("boolean", "01")),
  call("the result of a byte", "echoByte", primitive("byte", "80")),
  call("the result of a char", "echoChar", primitive("char", "d83d")),
  call("the result of a short", "echoShort", primitive("short", "8000")),
  call("the result of an int", "echoInt", primitive("int", "80000000")),
  call("the result of a long", "echoLong", primitive("long", "8000000000000001")),
  call("the result of a float", "echoFloat", primitive("float", "80000000")),
  call("the result of a double", "echoDouble", primitive("double", "3fb999999999999a")),
  call("the result of a String", "echoString", string("na\u00efve \u4f60")),
  call("the result of a String with a lone surrogate", "echoString", primitive(STRING, "0003 eda0bd")),
  call("the result of a null String", "echoString", nothing(STRING)),
  call("the result of an enum", "echoColor", color("GREEN")),
  call("the result of a null enum", "echoColor", nothing("hrpcd.interop.Color")),
  call("the result of a void method", "nothing"),
  call("the result of a method without parameters", "noArguments"),
];

const ARRAYS: readonly WireInput[] = [
  call("the result of a boolean[]", "echoBooleans", compact("boolean", 2, "0100")),
  call("the result of a byte[]", "echoBytes", compact("byte", 3, "00ff80")),
  call("the result of a char[]", "echoChars", compact("char", 1, "ffff")),
  call("the result of a short[]", "echoShorts", compact("short", 1, "ffff")),
  call("the result of an int[]", "echoInts", compact("int", 2, "00000001 ffffffff")),
  call("the result of a long[]", "echoLongs", compact("long", 1, "ffffffffffffffff")),
  call("the result of a float[]", "echoFloats", compact("float", 1, "3f800000")),
  call("the result of a double[]", "echoDoubles", compact("double", 1, "7ff0000000000000")),
  call("the result of an empty int[]", "echoInts", compact("int", 0, "")),
  call("the result of a null int[]", "echoInts", nothing("[I")),
  call(
    "the result of a String[] with a null",
    "echoStrings",
    array("[Ljava.lang.String;", string("a"), nothing(STRING)),
  ),
  call("the result of an enum[]", "echoColors", array("[Lhrpcd.interop.Color;", color("BLUE"), color("RED"))),
  call("the result of an int[][]", "echoIntTable", array("[[I", compact("int", 1, "00000007"), nothing("[I"))),
  call("the result of a byte[][]", "echoByteTable", array("[[B", compact("byte", 2, "0102"), compact("byte", 0, ""))),
  call(
    "the result of a String[][]",
    "echoStringTable",
    array("[[Ljava.lang.String;", array("[Ljava.lang.String;", string("x")), nothing("[Ljava.lang.String;")),
  ),
  call(
    "the result of a long[][][]",
    "echoLongCube",
    array("[[[J", array("[[J", compact("long", 1, "0000000000000009"))),
  ),
  call("the result of a Text[]", "echoTexts", array("[Lorg.apache.hadoop.io.Text;", hadoopWritable("Text", "0161"))),
];

const WRITABLES: readonly WireInput[] = [
  call("the result of a Text", "echoText", hadoopWritable("Text", "04 f09f9880")),
  call("the result of a null Text", "echoText", nothing("org.apache.hadoop.io.Text")),
  call("the result of an IntWritable", "echoIntWritable", hadoopWritable("IntWritable", "ffffffff")),
  call("the result of a LongWritable", "echoLongWritable", hadoopWritable("LongWritable", "8000000000000000")),
  call("the result of a BooleanWritable", "echoBooleanWritable", hadoopWritable("BooleanWritable", "01")),
  call("the result of a BytesWritable", "echoBytesWritable", hadoopWritable("BytesWritable", "00000002 00ff")),
  call("the result of a NullWritable", "echoNullWritable", hadoopWritable("NullWritable", "")),
  call(
    "the result of an ArrayWritable of LongWritable",
    "echoLongArrayWritable",
    writableValue("hrpcd.interop.LongArrayWritable", "00000001 00000000000000ff"),
  ),
  call(
    "the result of an ArrayWritable of Text",
    "echoTextArrayWritable",
    writableValue("hrpcd.interop.TextArrayWritable", "00000002 00 0161"),
  ),
];

const FAILURES: readonly WireInput[] = [
  call("an IOException", "failWithIOException", string("disk gone")),
  call("an IOException with a message of two lines", "failWithIOException", string("one\ntwo")),
  call("an IOException with an empty message", "failWithIOException", string("")),
  call("a FileNotFoundException", "failWithFileNotFound", string("/no/such/file")),
  call("an exception of the service's own", "failWithCustom", string("caf\u00e9")),
  call("an unchecked exception", "failWithRuntime", string("not now")),
  call("an RpcServerException", "failWithRpcServerException", string("not here")),
  call("an exception without a message", "failWithoutMessage"),
  call("a result that cannot be written", "failWhileWriting"),
];

export const RESULT_INPUTS: readonly WireInput[] = [...SINGLE, ...ARRAYS, ...WRITABLES, ...FAILURES];
