/** Directories and empty files: made, listed. */
import { type CommandGroup, group } from "./command.js";

/** More names than Hadoop lists in one answer (1000), so that clients must ask for the pages that follow. */
const MANY = Array.from({ length: 1050 }, (_, i) => `/many/d${`${i}`.padStart(4, "0")}`).join(" ");
/** One byte more than a name may have. */
const LONG_NAME = "n".repeat(256);
/** One level deeper, and one byte longer, than a path may be. */
const DEEP_PATH = "/d".repeat(1001);
const LONG_PATH = `/${"p".repeat(254)}`.repeat(32);

export const MAKING: readonly CommandGroup[] = [
  group(
    "directories",
    `fs -ls /
     fs -mkdir /a
     fs -mkdir /a
     fs -mkdir -p /a
     fs -mkdir -p /a/b/c
     fs -mkdir /a/x/y
     fs -mkdir /a/d /a/e /a/f
     fs -mkdir /
     fs -mkdir -p /
     fs -mkdir relative
     fs -mkdir -p relative/path
     fs -mkdir '/a/with a space'
     fs -mkdir /a/ünï©öde-雪-🦆
     fs -mkdir /a/～ /a/A /a/Ä '/a/100%' '/a/a+b' '/a/a#b' '/a/a;b' "/a/it's" /a/.hidden /a/~
     fs -mkdir /a/slash/
     fs -mkdir /a/./dot
     fs -mkdir /a/b/../dotdot
     fs -mkdir /${LONG_NAME}
     fs -mkdir -p ${DEEP_PATH}
     fs -mkdir -p ${LONG_PATH}
     fs -mkdir /.reserved
     fs -mkdir -p /.reserved/x
     fs -mkdir /.snapshot
     fs -mkdir /a/.snapshot
     fs -D fs.permissions.umask-mode=077 -mkdir /a/private
     fs -D fs.permissions.umask-mode=000 -mkdir -p /a/public/deep
     fs -ls -R /`,
  ),
  group(
    "files",
    `fs -touchz /a/file
     fs -touchz /a/file
     fs -touchz /a
     fs -touchz /
     fs -touchz /nowhere/file
     fs -touchz /a/file/below
     fs -mkdir /a/file
     fs -mkdir -p /a/file
     fs -mkdir /a/file/below
     fs -mkdir -p /a/file/below
     fs -touchz /a/one /a/two /nowhere/three /a/four
     fs -touchz '/a/a file'
     fs -touchz /${LONG_NAME}
     fs -touchz /a/.snapshot
     fs -D dfs.replication=1 -touchz /a/replication1
     fs -D dfs.replication=512 -touchz /a/replication512
     fs -D dfs.replication=513 -touchz /a/replication513
     fs -D dfs.replication=0 -touchz /a/replication0
     fs -D dfs.blocksize=1048576 -touchz /a/blocksize
     fs -D dfs.blocksize=1024 -touchz /a/small-blocksize
     fs -D dfs.blocksize=1048577 -touchz /a/odd-blocksize
     fs -D fs.permissions.umask-mode=027 -touchz /a/masked
     fs -cat /a/file
     fs -cat /a
     fs -cat /nowhere
     fs -cp /a/file /a/copy
     fs -cp /a/file /a/copy
     fs -cp -f /a/file /a/copy
     fs -cp -p /a/replication1 /a/copy1
     fs -cp /a/b /a/copied
     fs -cp /a/file /nowhere/copy
     fs -checksum /a/file /nowhere
     fs -text /a/file
     fs -tail /a/file
     fs -head /a/file
     fs -put EMPTY /a/put
     fs -put EMPTY /a/put
     fs -put -f EMPTY /a/put
     fs -put EMPTY /a/b
     fs -put EMPTY /nowhere/put
     fs -put EMPTY /a/file/put
     fs -appendToFile EMPTY /a/put
     fs -put EMPTY EMPTY /a/b
     alice$ fs -put EMPTY /a/alices
     fs -ls -R /a`,
  ),
  group(
    "listings",
    `fs -ls /a
     fs -ls /a/file
     fs -ls -d /a
     fs -ls -d /a /a/b /a/file
     fs -ls /a/b /a/d /nowhere /a/file
     fs -ls -h /a
     fs -ls -r /a
     fs -ls -S /a
     fs -ls -C /a
     fs -ls -R /a/b
     fs -ls -R /a/file
     fs -ls -e /a
     fs -ls -u /a/d
     fs -ls /nowhere
     fs -ls -R /nowhere
     fs -ls /nowhere/below
     fs -ls /a/file/below
     fs -ls
     fs -ls relative
     fs -ls .
     fs -ls /a/*
     fs -ls /a/?
     fs -ls -d /a/[b-d]
     fs -ls -d /a/{b,file,nothing}
     fs -ls -d /*/f*
     fs -ls /a/nothing*
     fs -ls -d /a/*/../file
     fs -ls '/a/with a space'
     fs -ls /a/ünï©öde-雪-🦆
     fs -ls hdfs:///a/b
     fs -ls /a/.snapshot`,
  ),
  group(
    "pages of a listing",
    `fs -mkdir /many
     fs -mkdir ${MANY}
     fs -touchz /many/e
     fs -ls -C /many
     fs -ls -R -C /many
     fs -count /many
     fs -find /many -name d10*
     fs -rm -r /many`,
  ),
];
