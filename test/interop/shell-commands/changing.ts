/** Files and directories: changed, moved, removed. */
import { type CommandGroup, group } from "./command.js";

/** One byte more than a name may have. */
const LONG_NAME = "n".repeat(256);

export const CHANGING: readonly CommandGroup[] = [
  group(
    "times",
    `fs -touch -t 20200102:030405 /a/file
     fs -stat '%x %X %y %Y' /a/file
     fs -touch -m -t 20210102:030405 /a/file
     fs -touch -a -t 20220102:030405 /a/file
     fs -stat '%x %X %y %Y' /a/file
     fs -ls /a/file
     fs -ls -u /a/file
     fs -touch -c /a/nothing
     fs -touch -t 20200102:030405 /a/touched
     fs -touch -t 20200102:030405 /a/d
     fs -touch -t 20190102:030405 /nowhere/file
     fs -touch -t yesterday /a/file
     fs -stat '%x %y' /a/touched /a/d
     fs -mkdir /t
     fs -touchz /t/first
     fs -mkdir /t/second
     fs -touchz /t/third
     fs -touch -m -t 20200203:040506 /t/first
     fs -touch -m -t 20200203:040507 /t/second
     fs -touch -a -t 20200203:040506 /t/third
     fs -touch -a -t 20200203:040507 /t/first
     fs -ls -t /t
     fs -ls -t -r /t
     fs -ls -u -t /t
     alice$ fs -touch -t 20200102:030405 /a/file
     fs -touchz /a/file
     fs -touch /a/file`,
  ),
  group(
    "moves",
    `fs -mkdir -p /m/from/deep /m/to
     fs -touchz /m/one /m/two /m/three
     fs -mv /m/one /m/uno
     fs -mv /m/uno /m/to
     fs -mv /m/two /m/three
     fs -mv /m/two /m/three /m/to
     fs -mv /m/from /m/moved
     fs -mv /m/moved /m/to
     fs -mv /m/to/moved /m/to/moved/deep/below
     fs -mv /m/to/moved /m/to/moved
     fs -mv /m/to /m/to/moved
     fs -mv /m/to/uno /m/to/uno
     fs -mv /m/to/uno /m/to
     fs -mv /m/nothing /m/something
     fs -mv /m/nothing /nowhere/something
     fs -mv /m/to/uno /nowhere/uno
     fs -mv /m/to/uno /m/to/two/below
     fs -mv /m/to/uno /m/nothing /m/to/two /m
     fs -mv /m/uno /m/two /m/three
     fs -mv /m/* /nowhere
     fs -mv / /m/root
     fs -mv /m/uno /
     fs -mv /uno /m/uno
     fs -mv /m/to/moved /m/two
     fs -mv /m/uno /m/${LONG_NAME}
     fs -mv /m/uno /m/.snapshot
     fs -ls -R /m`,
  ),
  group(
    "renames that can overwrite",
    `fs -mkdir -p /r/empty /r/full/below /r/dir
     fs -touchz /r/one /r/two /r/three
     rename /r/one /r/uno
     rename /r/uno /r/two
     rename -overwrite /r/uno /r/two
     rename -overwrite /r/three /r/tres
     rename -overwrite /r/dir /r/empty
     rename -overwrite /r/empty /r/full
     rename /r/empty /r/full
     rename -overwrite /r/two /r/empty
     rename -overwrite /r/empty /r/two
     rename -overwrite /r/full /r/full/below
     rename -overwrite /r/full/below /r/full
     rename -overwrite /r/two /r/two
     rename -overwrite /r/full /r/full
     rename -overwrite /r/nothing /r/two
     rename -overwrite /r/two /nowhere/two
     rename -overwrite /r/two /r/tres/below
     rename / /r/root
     rename -overwrite /r/two /
     rename -overwrite /r /
     rename /r/two /r/${LONG_NAME}
     rename /r/two /r/.snapshot
     rename /r/two /.reserved/two
     rename /r/two /.reserved
     alice$ rename -overwrite /r/two /r/tres
     fs -ls -R /r`,
  ),
  group(
    "replication",
    `fs -mkdir -p /s/dir
     fs -touchz /s/one /s/two /s/dir/three
     fs -setrep 2 /s/one
     fs -setrep 5 /s
     fs -setrep -R 4 /s/dir
     fs -ls -R /s
     fs -stat %r /s/one /s/dir/three /s/dir
     fs -setrep 0 /s/one
     fs -setrep -1 /s/one
     fs -setrep 512 /s/one
     fs -setrep 513 /s/one
     fs -setrep many /s/one
     fs -setrep 2 /nowhere
     fs -setrep 2 /s/one/below
     fs -setrep -w 3 /s/two
     alice$ fs -setrep 2 /s/one`,
  ),
  group(
    "quotas of names",
    `fs -mkdir /q
     dfsadmin -setQuota 4 /q
     fs -count -q -v /q
     fs -mkdir /q/1 /q/2
     fs -touchz /q/3
     fs -touchz /q/4
     fs -mkdir /q/4
     fs -mkdir -p /q/1/deep/deeper
     fs -mkdir /outside
     fs -mv /outside /q/outside
     rename -overwrite /outside /q/1
     fs -mv /q/1 /q/eins
     fs -count -q /q
     fs -rm /q/3
     fs -touchz /q/4
     dfsadmin -setQuota 2 /q
     fs -touchz /q/5
     fs -rm /q/4
     fs -count -q -v /q /
     dfsadmin -setQuota 0 /q
     dfsadmin -setQuota -5 /q
     dfsadmin -setQuota many /q
     dfsadmin -setQuota 5 /nowhere
     dfsadmin -setQuota 5 /a/file
     alice$ dfsadmin -setQuota 5 /q
     alice$ dfsadmin -clrQuota /q
     alice$ dfsadmin -setSpaceQuota 1m /q
     alice$ dfsadmin -clrSpaceQuota /q
     dfsadmin -clrQuota /q
     dfsadmin -clrQuota /q
     dfsadmin -clrQuota /nowhere
     dfsadmin -clrQuota /a/file
     fs -count -q /q
     fs -mkdir -p /q/outer/inner /q/free/a/b/c
     dfsadmin -setQuota 5 /q/outer
     dfsadmin -setQuota 3 /q/outer/inner
     fs -touchz /q/outer/inner/1 /q/outer/inner/2 /q/outer/inner/3
     fs -mv /q/outer/inner/1 /q/outer/1
     fs -touchz /q/outer/inner/3
     fs -touchz /q/outer/2
     fs -mv /q/free /q/outer
     fs -mv /q/free/a/b/c /q/outer/inner/c
     fs -mv /q/outer/1 /q/outer/eins
     rename -overwrite /q/outer/eins /q/outer/inner/2
     rename -overwrite /q/free/a/b/c /q/outer/inner/2
     fs -count -q -v /q/outer /q/outer/inner /q/free /q
     fs -mv /q/outer/inner /q/inner
     fs -count -q -v /q/outer /q/inner
     fs -cp /q/inner/2 /q/inner/3
     fs -rm -r /q/inner
     dfsadmin -setQuota 4 /q/outer /q/free
     dfsadmin -clrQuota /q/outer /nowhere /q/free
     dfsadmin -setSpaceQuota 1m /q/free
     fs -touchz /q/free/empty
     fs -count -q -h -v /q/free /q/outer
     fs -count -q -v -t SSD /q/free
     dfsadmin -clrSpaceQuota /q/free
     dfsadmin -setQuota 100 /
     fs -count -q /
     dfsadmin -clrQuota /
     fs -touchz /q/6`,
  ),
  group(
    "removals",
    `fs -mkdir -p /d/empty /d/full/below /d/tree/a/b
     fs -touchz /d/file /d/full/file /d/tree/a/file /d/x1 /d/x2
     fs -rm /d/file
     fs -rm /d/file
     fs -rm -f /d/file
     fs -rm /d/empty
     fs -rm -r /d/full
     fs -rm -R /d/tree
     fs -rm -skipTrash /d/x1 /d/nothing /d/x2
     fs -rm /d/nothing*
     fs -rm -f /d/nothing*
     fs -rm /d/file/below
     fs -rm -r /nowhere
     fs -rmr /nowhere
     fs -rm -r /
     fs -mkdir -p /d/full/below
     fs -touchz /d/file
     fs -rmdir /d/empty
     fs -rmdir /d/empty
     fs -rmdir /d/full
     fs -rmdir --ignore-fail-on-non-empty /d/full
     fs -rmdir /d/file
     fs -rmdir /
     fs -rm -r -safely /d/full
     fs -expunge
     fs -ls -R /d`,
  ),
];
