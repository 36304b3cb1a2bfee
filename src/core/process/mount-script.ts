/**
 * What the first process in new namespaces does before the program of somebody else is there: it makes the machine
 * read-only, empties what is to be hidden, puts back what the program may see or write, gives up all privileges and says
 * `ok` on descriptor 3. No value is part of the text: steps come as parameters, three each (step, path, number), up to
 * `run`, which is followed by the user and group to go back to (empty to stay), the folder to begin in and the program.
 *
 * Devices are a handful (root could write the disk through its device), `/proc/sys` is read-only (root could name a
 * program there that the kernel runs outside). Things are put aside in the new `/dev`, which nothing else covers.
 * The shell stays as process 1 of its namespace, since a program in that place would not be ended by its own signals.
 */
export const MOUNT_SCRIPT = `
set -u
fail() { echo "lightdom: $1" >&2; exit 96; }
stage=$1
shift
echo 1000 2>/dev/null >/proc/self/oom_score_adj
ulimit -c 0
{ ip link set lo up || ifconfig lo up || busybox ip link set lo up; } >/dev/null 2>&1
set_access() { mount -o "remount,bind,$1" "$2" || fail "$2 can't be made $1"; }
make_place() { if [ -d "$1" ]; then mkdir -p "$2"; else mkdir -p "\${2%/*}" && : >>"$2"; fi; }

mount -t tmpfs -o mode=755 none "$stage" || fail 'nothing can be mounted'
mount -t proc -o nosuid,nodev,noexec proc /proc || fail '/proc can not be mounted'
while read -r _ _ _ _ point options _; do
  case $point in *\\\\*) point=$(printf '%b' "$point") ;; esac
  case $options,$point in
    ro,*) continue ;;
  esac
  case $point in
    "$stage" | /proc | /proc/* | /dev | /dev/*) ;;
    *) [ -e "$point" ] && set_access ro "$point" ;;
  esac
done </proc/self/mountinfo
mount --bind /proc/sys /proc/sys && set_access ro /proc/sys
mkdir "$stage/dev" "$stage/dev/shm" "$stage/dev/pts" "$stage/dev/.aside"
for device in null zero full random urandom tty; do
  : >"$stage/dev/$device"
  mount --bind "/dev/$device" "$stage/dev/$device" || fail "/dev/$device is not to be had"
done
ln -s /proc/self/fd "$stage/dev/fd"
ln -s /proc/self/fd/0 "$stage/dev/stdin"
ln -s /proc/self/fd/1 "$stage/dev/stdout"
ln -s /proc/self/fd/2 "$stage/dev/stderr"
mount -t tmpfs -o mode=1777,size=512m none "$stage/dev/shm" || fail '/dev/shm can not be mounted'
mount --rbind "$stage/dev" /dev || fail '/dev can not be replaced'
umount -l "$stage" || fail 'the stage stays'
aside=/dev/.aside
: >"$aside/empty"
if [ -e /proc/sysrq-trigger ]; then
  mount --bind "$aside/empty" /proc/sysrq-trigger && set_access ro /proc/sysrq-trigger
fi

while [ "$1" != run ]; do
  step=$1 path=$2 number=$3
  shift 3
  case $step in
    keep) make_place "$path" "$aside/$number" && mount --rbind "$path" "$aside/$number" || fail "$path can't be kept" ;;
    back) make_place "$aside/$number" "$path" && mount --rbind "$aside/$number" "$path" || fail "$path is lost" ;;
    hide)
      if [ -d "$path" ]; then mount -t tmpfs -o mode=755,size=16m none "$path" || fail "$path can't be hidden"
      elif [ -e "$path" ]; then mount --bind "$aside/empty" "$path" || fail "$path can't be hidden"; fi ;;
    open) mount --bind "$path" "$path" || fail "$path can't be opened"; set_access rw "$path" ;;
    shut) if [ -e "$path" ]; then mount --bind "$path" "$path" || fail "$path can't be shut"; set_access ro "$path"; fi ;;
    close) [ -e "$path" ] && set_access ro "$path" ;;
  esac
done
for place in "$aside"/*; do
  if [ "$place" != "$aside/empty" ]; then umount -l "$place" || fail "$place stays"; fi
done
set_access ro /dev
user=$2 group=$3
cd "$4" || fail "there is no folder $4"
shift 4
echo ok >&3
drop='setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all --'
if [ -n "$user" ]; then drop="unshare --user --map-user=$user --map-group=$group -- setpriv --no-new-privs --"; fi
exec $drop sh -c '"$@"; exit $?' sh "$@" 3>&-
`;

/** Namespaces alone, where nothing can be mounted. */
export const NETWORK_SCRIPT = `
set -u
ulimit -c 0
{ ip link set lo up || ifconfig lo up || busybox ip link set lo up; } >/dev/null 2>&1
user=$1 group=$2
cd "$3" || exit 96
shift 3
echo ok >&3
exec unshare --user "--map-user=$user" "--map-group=$group" -- setpriv --no-new-privs -- \
  sh -c '"$@"; exit $?' sh "$@" 3>&-
`;
