# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""A client of service.py on libgbinder: prints what it answers.

    client.py PROTOCOL DEVICE NAME
"""

import ctypes
import os
import sys

import gbinder

protocol, device, name = sys.argv[1:]
ECHO, ADD, BYTES, OPEN, CALL_BACK, COUNT, COUNTED, STRINGS, END = range(1, 10)
glib = ctypes.CDLL("libglib-2.0.so.0")

manager = gbinder.ServiceManager(device, protocol, protocol)
print("services:", manager.list_sync())
remote, status = manager.get_service_sync("nobody")
print("nobody:", remote)
remote, status = manager.get_service_sync(name)
client = gbinder.Client(remote, "holdfast.test")


def call(code, fill=lambda writer: None, read=lambda reader: None):
    """What the service answers."""
    request = client.new_request()
    fill(request.init_writer())
    reply, status = client.transact_sync_reply(code, request)
    return status or read(reply.init_reader())


def add(writer):
    writer.append_int32(40)
    writer.append_int32(2)


print("echo:", call(ECHO, lambda w: w.append_string16("grüße"), lambda r: r.read_string16()))
print("add:", call(ADD, add, lambda r: r.read_int32()))
print("64 KiB:", call(BYTES, lambda w: w.append_byte_array(bytes(range(256)) * 256, 65536), lambda r: r.read_int32()))
print("strings:", call(STRINGS, lambda w: w.append_hidl_string_vec(["a", "", "long"]),
                       lambda r: r.read_int32() and r.read_hidl_string_vec()))

here, there = os.pipe()
os.write(there, b"written here")
print("descriptor:", call(OPEN, lambda w: w.append_fd(here), lambda r: os.read(r.read_dup_fd(), 100)))


def handle(request, code, flags):
    reply = mine.new_reply()
    reply.init_writer().append_string16(f"called back with {code}")
    return reply, 0


glib.g_main_loop_new.restype = ctypes.c_void_p
loop = ctypes.c_void_p(glib.g_main_loop_new(None, False))
mine = manager.new_local_object("holdfast.client", handle)
request = client.new_request()
request.init_writer().append_local_object(mine)


def answered(reply, status):
    print("object:", status, reply.init_reader().read_string16())
    glib.g_main_loop_quit(loop)


# The loop answers the call of the object; a call that is waited for would block it.
client.transact(CALL_BACK, 0, request, answered, None)
glib.g_main_loop_run(loop)

print("one-way:", {client.transact_sync_oneway(COUNT, client.new_request()) for _ in range(50)})
# They are not in order with calls from elsewhere.
while (counted := call(COUNTED, read=lambda r: r.read_int32()[1])) < 50:
    pass
print("counted:", counted)
print("unknown:", call(77))

remote.add_death_handler(lambda: glib.g_main_loop_quit(loop))
print("end:", call(END))
glib.g_main_loop_run(loop)
print("dead:", remote.is_dead())
