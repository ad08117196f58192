/** Who may do what. */
import { type CommandGroup, group } from "./command.js";

export const PERMISSIONS: readonly CommandGroup[] = [
  group(
    "permissions",
    `fs -mkdir -p /p/dir/sub
     fs -touchz /p/file /p/dir/file
     fs -chmod 600 /p/file
     fs -ls /p
     fs -chmod u+x,g=rw,o-r /p/file
     fs -chmod +t /p/dir
     fs -chmod 1777 /p/dir
     fs -stat '%a %A' /p/dir /p/file
     fs -chmod -R 750 /p
     fs -ls -R /p
     fs -chmod -R a+rX /p
     fs -ls -R /p
     fs -chmod 0777 /p
     fs -chmod 999 /p
     fs -chmod 12345 /p
     fs -chmod x+y /p
     fs -chmod 777 /nowhere
     fs -chmod -R 777 /nowhere /p/file
     fs -chmod 777 /p/file/below
     alice$ fs -chmod 777 /p/file
     fs -chmod 700 /p/dir
     alice$ fs -ls /p/dir
     alice$ fs -ls -R /p
     alice$ fs -stat %n /p/dir/file
     alice$ fs -test -e /p/dir/file
     alice$ fs -mkdir /p/dir/alice
     alice$ fs -touchz /p/dir/alice
     alice$ fs -touchz /p/file
     alice$ fs -rm /p/dir/file
     alice$ fs -mv /p/dir/file /p/alice
     alice$ fs -mkdir /p/alice
     alice$ fs -ls /p
     alice$ fs -mkdir /denied
     alice$ fs -mkdir -p /a/denied/deep
     alice$ fs -touchz /denied
     alice$ fs -cat /p/dir/file
     alice$ fs -setrep 2 /p/dir/file
     alice$ fs -count /p/dir
     alice$ fs -du /p
     alice$ fs -find /p
     alice$ fs -rm -r /p/dir
     alice$ fs -rmdir /p/dir/sub
     alice$ fs -mv /p/file /p/alice/file
     alice$ fs -mv /p/alice/file /p/dir/file
     alice$ rename -overwrite /p/alice/file /p/dir/file
     alice$ fs -touchz /p/alice/mine
     alice$ fs -chmod 640 /p/alice/mine
     bob$ fs -cat /p/alice/mine
     bob$ fs -chmod 777 /p/alice/mine
     bob$ fs -rm /p/alice/mine
     bob$ fs -touchz /p/alice/mine
     alice$ fs -chmod 666 /p/alice/mine
     bob$ fs -touch -t 20200102:030405 /p/alice/mine
     bob$ fs -touchz /p/alice/mine
     alice$ fs -ls /p/dir/file
     alice$ fs -ls -d /p/dir
     alice$ fs -stat %a /p/dir
     alice$ fs -put EMPTY /p/put
     alice$ fs -cp /p/alice/mine /p/alice/copy
     alice$ fs -rm -r /p/alice
     alice$ fs -chmod 777 /
     alice$ fs -chown alice /
     fs -chmod 700 /
     alice$ fs -ls /
     alice$ fs -ls /p
     alice$ fs -test -e /p
     alice$ fs -df /
     fs -chmod 755 /
     fs -ls -R /p`,
  ),
  group(
    "a sticky directory",
    `fs -mkdir /tmp
     fs -chmod 1777 /tmp
     alice$ fs -touchz /tmp/alices
     alice$ fs -mkdir -p /tmp/alices-dir/deep
     bob$ fs -touchz /tmp/bobs
     bob$ fs -rm /tmp/alices
     bob$ fs -rm -r /tmp/alices-dir
     bob$ fs -rmdir /tmp/alices-dir
     bob$ fs -mv /tmp/alices /tmp/stolen
     bob$ fs -mv /tmp/bobs /tmp/mine
     bob$ rename -overwrite /tmp/mine /tmp/alices
     alice$ fs -rm /tmp/alices
     alice$ fs -rm -r /tmp
     fs -rm -r /tmp/alices-dir
     alice$ fs -mkdir -p /tmp/alices-own
     fs -mkdir -p /tmp/alices-own/roots/full /tmp/alices-own/empty
     alice$ fs -rm -r /tmp/alices-own
     alice$ fs -rm -r /tmp/alices-own/empty
     alice$ fs -mv /tmp/alices-own/roots /tmp/alices-own/moved
     alice$ fs -mv /tmp/alices-own /tmp/renamed
     alice$ fs -chmod 3770 /tmp/renamed
     alice$ fs -chmod 7777 /tmp/renamed
     fs -ls -R /tmp`,
  ),
  group(
    "owners and groups",
    `fs -mkdir -p /o/dir
     fs -touchz /o/file /o/dir/file
     fs -chown alice /o/file
     fs -chown alice:staff /o/file
     fs -chown :users /o/file
     fs -chown alice: /o/file
     fs -chown -R bob:staff /o/dir
     fs -chgrp -R users /o
     fs -ls -R /o
     fs -chown carol /nowhere
     fs -chown -R carol /nowhere /o/file
     fs -chown 'a b' /o/file
     fs -chown dom\\\\ain:x /o/file
     fs -chgrp 'a b' /o/file
     fs -chgrp wheel /o/file
     fs -chgrp wheel /o/file/below
     alice$ fs -chown bob /o/file
     alice$ fs -chown alice /o/file
     alice$ fs -chgrp staff /o/file
     alice$ fs -chgrp wheel /o/file
     alice$ fs -chown :staff /o/file
     bob$ fs -chgrp staff /o/file
     bob$ fs -chown bob /o/file
     fs -touchz /o/staffs
     fs -chown carol:staff /o/staffs
     fs -chmod 640 /o/staffs
     alice$ fs -cat /o/staffs
     alice$ fs -touchz /o/staffs
     alice$ fs -setrep 2 /o/staffs
     dave$ fs -cat /o/staffs
     fs -chmod 604 /o/staffs
     alice$ fs -cat /o/staffs
     dave$ fs -cat /o/staffs
     fs -chmod 077 /o/staffs
     carol$ fs -cat /o/staffs
     carol$ fs -chmod 700 /o/staffs
     carol$ fs -touchz /o/staffs
     fs -chgrp staff /o/dir
     fs -chmod 770 /o/dir
     alice$ fs -touchz /o/dir/alices
     alice$ fs -mkdir /o/dir/alices-too
     dave$ fs -ls /o/dir
     admin$ fs -chown carol:wheel /o/dir/alices
     admin$ fs -chmod 600 /o/dir/file
     admin$ fs -touchz /admins
     admin$ fs -rm /admins
     fs -ls -R /o`,
  ),
];
