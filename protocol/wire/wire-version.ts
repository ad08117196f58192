/** Version of Hadoop RPC's wire, told in the preamble and in every response header (Hadoop: ipc/RpcConstants.java CURRENT_VERSION). */
export const WIRE_VERSION = 9;
