# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""A service on libgbinder, for the tests in a guest.

    service.py PROTOCOL DEVICE NAME     says "serves NAME" when it has been added
"""

import ctypes
import os
import sys

import gbinder

protocol, device, name = sys.argv[1:]
ECHO, ADD, BYTES, OPEN, CALL_BACK, COUNT, COUNTED, STRINGS, END = range(1, 10)
counted = 0


def handle(request, code, flags):
    global counted
    reader, reply = request.init_reader(), service.new_reply()
    writer = reply.init_writer()
    if code == ECHO:
        writer.append_string16(reader.read_string16())
    elif code == ADD:
        writer.append_int32(reader.read_int32()[1] + reader.read_int32()[1])
    elif code == BYTES:
        writer.append_int32(sum(reader.read_byte_array()))
    elif code == OPEN:
        # What is written into the descriptor that came is to be read from the one that goes.
        here, there = os.pipe()
        given = reader.read_dup_fd()
        os.write(there, os.read(given, 100)[::-1])
        writer.append_fd(here)
        for fd in there, given:
            os.close(fd)
    elif code == CALL_BACK:
        client = gbinder.Client(reader.read_object(), "holdfast.client")
        said, status = client.transact_sync_reply(1, client.new_request())
        writer.append_string16(f"status {status}, {said.read_string16()}")
    elif code == COUNT:
        counted += 1
    elif code == COUNTED:
        writer.append_int32(counted)
    elif code == STRINGS:
        # As in HIDL.  The kernel's own driver fixes nothing up in an object that is at offset 0.
        writer.append_int32(0)
        writer.append_hidl_string_vec(reader.read_hidl_string_vec()[::-1])
    elif code == END:
        os._exit(0)
    else:
        return None, -22
    return reply, 0


manager = gbinder.ServiceManager(device, protocol, protocol)
service = manager.new_local_object("holdfast.test", handle)
status = manager.add_service_sync(name, service)
print(f"serves {name}" if not status else f"{name} is refused: {status}", flush=True)
glib = ctypes.CDLL("libglib-2.0.so.0")
glib.g_main_loop_new.restype = ctypes.c_void_p
glib.g_main_loop_run(ctypes.c_void_p(glib.g_main_loop_new(None, False)))
