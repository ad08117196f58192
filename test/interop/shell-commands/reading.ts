/** What is told of files and directories. */
import { type CommandGroup, group } from "./command.js";

export const READING: readonly CommandGroup[] = [
  group(
    "what a file is",
    `fs -stat /a
     fs -stat /a/file
     fs -stat %F /a /a/file
     fs -stat '%a %A %b %F %g %n %o %r %u' /a/file /a/replication1 /a/blocksize /a/masked
     fs -stat '%a %A %b %F %g %n %o %r %u' / /a /a/private /a/public
     fs -stat '%y %Y' /nowhere
     fs -stat %n '/a/with a space' /a/ünï©öde-雪-🦆
     fs -stat %n /a/*
     fs -test -e /a
     fs -test -e /nowhere
     fs -test -e /a/file/below
     fs -test -d /a
     fs -test -d /a/file
     fs -test -f /a/file
     fs -test -f /a
     fs -test -f /nowhere
     fs -test -s /a/file
     fs -test -z /a/file
     fs -test -z /a
     fs -test -z /nowhere
     fs -test -r /a/file
     fs -test -w /a/file
     alice$ fs -test -r /a/file
     alice$ fs -test -w /a/file
     alice$ fs -test -r /a/private
     alice$ fs -test -e /a/private
     alice$ fs -test -e /a/private/nothing`,
  ),
  group(
    "sums",
    `fs -mkdir -p /c/one/two /c/empty
     fs -touchz /c/f1 /c/one/f2 /c/one/two/f3
     fs -count /c
     fs -count /c /c/one /nowhere /c/f1
     fs -count /c/*
     fs -count -q /c
     fs -count -q /
     fs -count -u /c
     fs -count -v /c
     fs -count -q -v /c
     fs -count -q -h -v /c
     fs -count -h /c
     fs -count -x /c
     fs -count -t -q /c
     fs -count /nowhere
     fs -count /c/f1/below
     fs -count -e /c/f1
     fs -du /c
     fs -du -s /c
     fs -du -h /c
     fs -du -v /c
     fs -du -s -h -v /c
     fs -du -x /c
     fs -du /c/f1
     fs -du /nowhere
     fs -du /c /nowhere
     fs -df /
     fs -df -h /
     fs -df /c
     fs -df /nowhere
     fs -df`,
  ),
  group(
    "finding",
    `fs -find /c
     fs -find /c -name f*
     fs -find /c -iname F1
     fs -find /c -name f* -print
     fs -find /c -name f1 -print0
     fs -find /c -name f* -a -name *2
     fs -find /c/f1
     fs -find /c /s -name one
     fs -find /nowhere
     fs -find /c /nowhere -name f1
     fs -find / -name f3`,
  ),
  group(
    "access control lists",
    `fs -getfacl /a/file
     fs -getfacl -R /c
     fs -getfacl /nowhere
     fs -getfacl /p/dir/file
     alice$ fs -getfacl /a/private`,
  ),
  group("a command that there is not", "fs -nonsense /"),
  group(
    "safe mode",
    `dfsadmin -safemode get
     dfsadmin -safemode nonsense
     alice$ dfsadmin -safemode enter
     dfsadmin -safemode enter
     alice$ dfsadmin -safemode get
     fs -mkdir /safe
     fs -touchz /safe
     fs -rm /a/file
     fs -mv /a/file /a/moved
     rename -overwrite /a/file /a/two
     fs -chmod 700 /a/file
     fs -chown alice /a/file
     fs -setrep 2 /a/file
     fs -touch -t 20200102:030405 /a/file
     dfsadmin -setQuota 5 /a
     fs -cat /a/file
     fs -ls /a/file
     fs -count -q /a
     alice$ dfsadmin -safemode leave
     dfsadmin -safemode leave
     dfsadmin -safemode get
     fs -mkdir /safe`,
  ),
];
