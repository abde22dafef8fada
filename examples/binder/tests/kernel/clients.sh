# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=busybox
#
# Clients that others wrote, those that $clients names, on the driver that $driver names; tools/guest lets the guest's
# init read this.
# Each test says in notes what the clients printed, so that two drivers can be compared.

# binder_linux cannot be unloaded, and libgbinder wants the name /dev/binder: a guest has one of the drivers.
[ "$driver" = binder_linux ] || must insmod /holdfast.ko
must insmod "/$driver.ko" devices=binder,other
mkdir -p /debian/etc /debian/dev /debian/proc /debian/tmp
mount --bind /dev /debian/dev
mount -t proc none /debian/proc

in_debian() { program=$1; shift; chroot /debian "/usr/bin/$program" "$@" 2>&1; }
# -S: the site's modules take a second to compile.
python() { PYTHONPATH=/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1 in_debian python3.13 -S "$@"; }

# Runs a client, which must print EXPECTED, without empty lines and spaces at the ends.
prints() { # EXPECTED COMMAND...
	expected=$1
	shift
	found=$("$@") || found="$found
exit status $?"
	found=$(echo "$found" | sed 's/ *$//; /^$/d')
	echo "$found" | while read -r line; do ktap "    # $line"; done
	[ "$found" = "$expected" ]
}

# Starts a program in the background, which must say LINE first.
starts() { # LINE COMMAND...
	expected=$1
	shift
	mkfifo /tmp/said
	"$@" >/tmp/said &
	read -r line </tmp/said || line="nothing was said"
	rm /tmp/said
	[ "$line" = "$expected" ]
}

hfbinder() { /hfbinder "$@" 2>&1; }
binder() { starts "manages /dev/binder" /hfbinder manager /dev/binder; }
other() { starts "manages /dev/other" /hfbinder manager /dev/other; }
busy() {
	prints "hfbinder: /dev/binder: it has a service manager
exit status 1" hfbinder manager /dev/binder
}

# Runs a program of Google's test library, and says in KTAP what came out.
google_test() { # PROGRAM [LEFT_OUT=REASON]...
	program=$1 n=0 result=ok filter=-
	shift
	for t; do filter=$filter:*.${t%%=*}; done
	chroot /debian "/usr/bin/$program" "--gtest_filter=$filter" >/tmp/google 2>/tmp/google.log || result="not ok"
	ktap "1..1"
	ktap "    # Subtest: $program"
	ktap "    1..$(($# + $(sed -n 's/^\[==========\] Running \([0-9]*\) tests.*/\1/p' /tmp/google)))"
	for t; do n=$((n + 1)) && ktap "    ok $n ${t%%=*} # SKIP ${t#*=}"; done
	while read -r line; do
		name=${line##*.}
		name=${name%% *}
		case $line in
		"[       OK ]"*) n=$((n + 1)) && ktap "    ok $n $name" ;;
		"[  SKIPPED ]"*" ms)") n=$((n + 1)) && ktap "    ok $n $name # SKIP its program says so" ;;
		"[  FAILED  ]"*" ms)") n=$((n + 1)) && ktap "    not ok $n $name" ;;
		"["* | "") ;;
		*) ktap "    # $line" ;;
		esac
	done </tmp/google
	# Of what it logs, times and numbers of threads differ each time.
	[ "$result" = ok ] || tail -n 50 /tmp/google.log | while read -r line; do say "$line"; done
	ktap "$result 1 $program"
}

# Processes that call each other.  The program succeeds whatever becomes of them.
throughput() { # PROCESSES OPTION...
	processes=$1
	shift
	in_debian binderThroughputTest -w "$processes" "$@" >/tmp/throughput
	cat /tmp/throughput
	fails grep -E "failed|nonzero" /tmp/throughput
	[ "$(grep -c "Created BinderWorker" /tmp/throughput)" = "$processes" ]
	grep "iterations per sec" /tmp/throughput
}
throughput_among_all() { throughput 4 -i 100; }
throughput_in_pairs() { throughput 6 -p -i 100 -s 4096; }

# ---- libgbinder ----

configure() {
	for group in Protocol ServiceManager; do
		printf '[%s]\nDefault = %s\n/dev/binder = %s\n' $group "$protocol" "$protocol"
	done >/debian/etc/gbinder.conf
}

service() { configure && starts "serves $protocol" python /service.py "$protocol" /dev/binder "$protocol"; }
list() { prints "$protocol" in_debian binder-list -d /dev/binder; }
list_one() { prints "$protocol" in_debian binder-list -d /dev/binder "$protocol"; }
list_none() {
	prints "[binder-list] ERROR: No such service: nobody (0)
exit status 2" in_debian binder-list -d /dev/binder nobody
}
ping() { prints OK in_debian binder-ping -d /dev/binder "$protocol"; }
ping_none() {
	prints "ERROR: nobody not found
exit status 1" in_debian binder-ping -d /dev/binder nobody
}
# It gives 2 whatever happened.
call() {
	prints '"hello"U
exit status 2' in_debian binder-call -a -d /dev/binder "$protocol" 1 '"hello"u' reply s16
}
bridge() {
	chroot /debian /usr/bin/binder-bridge -s bridged /dev/other /dev/binder "$protocol" &
	echo $! >/tmp/bridge
	wait_for in_debian binder-list -d /dev/other bridged
	prints '"across"U
exit status 2' in_debian binder-call -a -d /dev/other bridged 1 '"across"u' reply s16
}
# The last test: it ends the service.
script() {
	prints "services: ['$protocol']
nobody: None
echo: grüße
add: (True, 42)
64 KiB: (True, 8350520)
strings: ['long', '', 'a']
descriptor: b'ereh nettirw'
object: 0 status 0, called back with 1
one-way: {0}
counted: 50
unknown: -22
end: 2
dead: True" python /client.py "$protocol" /dev/binder "$protocol"
}
# Of the service, which the manager is told, and the bridge.
death() {
	wait_for fails in_debian binder-list -d /dev/binder "$protocol"
	prints "[binder-call] ERROR: Failed to get interface
exit status 2" in_debian binder-call -a -d /dev/other bridged 1 '"across"u' reply s16
	kill "$(cat /tmp/bridge)"
	wait_for fails in_debian binder-list -d /dev/other bridged
}

if [ "$clients" = binderLibTest ]; then
	run_tests managers binder
	# What is left out: what only Android's driver has, ours has not, and the service manager has not.
	google_test binderLibTest "SchedPolicySet=Android's driver" "InheritRt=Android's driver" \
		"GotSid=security contexts" "AddManagerToManager=the service manager's" "Unregister=the service manager's"
else
	run_tests managers binder other busy
	google_test binderDriverInterfaceTest
	run_tests binderThroughputTest throughput_among_all throughput_in_pairs
	for protocol in aidl2 aidl3; do
		run_tests $protocol service list list_one list_none ping ping_none call bridge script death
	done
	# Of these only what is said to the manager differs.
	for protocol in aidl aidl4; do
		run_tests $protocol service list call script
	done
fi
killall hfbinder
if [ "$driver" != binder_linux ]; then
	must wait_for rmmod hf_binder
	must rmmod holdfast
fi
