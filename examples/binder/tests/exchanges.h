/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The names of the exchanges, which are in exchanges*.c. */
#define EXCHANGES_BASIC(X) \
	X(version) X(unknown_ioctl) X(one_manager) X(manager_with_a_node) X(nothing_to_read) \
	X(bad_commands) X(call_and_reply) X(empty_call) X(no_manager) X(bad_handle) \
	X(the_manager_calls_itself) X(reply_to_nothing) X(two_calls_at_once) X(bad_data) \
	X(too_much_data) X(extended_error) X(callee_dies) X(callee_dies_before_it_reads) \
	X(caller_dies) X(oneway) X(oneway_in_turn) X(a_node_becomes_a_handle)
#define EXCHANGES_CALLS(X) \
	X(calls_back) X(calls_back_and_forth) X(circle_of_three) X(circle_of_three_twice) \
	X(who_waits_serves_no_strangers) X(who_serves_takes_no_second_call) \
	X(an_answer_out_of_turn) X(a_second_answer) X(an_answer_before_the_call_is_read) \
	X(a_call_with_a_call_unread) X(an_answer_of_its_own_kind) X(an_answer_with_bad_data) \
	X(an_answer_that_is_too_big) X(an_answer_with_a_bad_object) X(a_callee_without_memory) \
	X(a_caller_without_memory) X(the_end_of_a_chain_dies) \
	X(the_end_of_a_chain_dies_before_it_reads) X(the_middle_of_a_chain_dies) \
	X(the_middle_of_a_chain_dies_before_the_end_reads) \
	X(the_middle_of_a_chain_dies_and_then_its_end) \
	X(the_end_of_a_chain_dies_and_then_its_middle) X(the_begin_of_a_chain_dies) \
	X(all_but_the_end_of_a_chain_die) X(the_caller_dies_before_its_call_is_read) \
	X(who_is_called_back_dies) X(who_is_called_back_dies_before_it_reads) \
	X(who_calls_back_dies) X(who_calls_back_dies_before_it_is_read) X(one_of_a_circle_dies) \
	X(a_dead_process_is_called) X(an_answer_is_there_when_its_sender_dies) \
	X(the_caller_dies_before_it_reads_the_answer) X(threads_call_at_once) \
	X(threads_serve_at_once) X(another_thread_cannot_answer) \
	X(a_call_back_is_for_the_waiting_thread) X(a_thread_exits_while_it_waits) \
	X(a_thread_exits_while_it_serves) X(a_thread_exits_and_another_serves) \
	X(a_waiting_thread_exits_before_it_is_called_back) \
	X(a_thread_exits_before_it_reads_a_call_back)
#define EXCHANGES_DATA(X) \
	X(a_buffer_is_freed_twice) X(a_buffer_of_another_is_freed) \
	X(a_buffer_is_freed_before_it_is_told) X(a_buffer_is_freed_before_the_answer) \
	X(a_buffer_that_was_never_read) X(memory_is_exhausted) X(memory_is_one_again) \
	X(memory_that_fits_best) X(memory_of_empty_calls) X(memory_of_one_page) \
	X(memory_of_four_megabytes) X(memory_that_is_cleared) X(memory_of_what_fails) \
	X(sizes_that_are_no_sizes) X(sizes_of_more_buffers) X(sizes_of_offsets) \
	X(pointers_that_are_none) X(objects_between_other_data) X(objects_at_bad_places) \
	X(objects_that_are_cut_off) X(objects_of_unknown_types) X(objects_that_no_offset_names) \
	X(objects_in_an_answer) X(objects_with_flags) X(objects_to_a_third_process)
/* Of its own, as it is a long one. */
#define EXCHANGES_ORDERS(X)	X(memory_with_all_ends_in_all_orders)
#define EXCHANGES_DEATHS(X) \
	X(a_death_is_told) X(a_death_is_asked_for_afterwards) X(a_death_is_asked_for_twice) \
	X(a_death_is_cleared_before) X(a_death_is_cleared_wrongly) X(a_death_is_cleared_twice) \
	X(a_death_is_cleared_before_it_is_told) X(a_death_is_cleared_while_it_is_told) \
	X(a_death_is_cleared_after_it_was_told) X(a_death_is_asked_for_again_at_once) \
	X(a_death_is_known_too_early) X(a_death_of_what_it_does_not_know) \
	X(the_handle_goes_before_the_death) X(the_handle_goes_before_the_death_is_told) \
	X(the_handle_goes_while_the_death_is_told) X(the_handle_goes_while_a_death_is_cleared) \
	X(the_handle_goes_before_it_is_told_that_it_cleared) \
	X(the_handle_is_weak_when_its_node_dies) X(deaths_of_several_nodes) \
	X(deaths_with_the_same_cookie) X(a_death_is_told_to_all) \
	X(a_death_and_what_else_there_is) X(a_death_while_it_is_called) \
	X(a_death_of_the_manager) X(the_watcher_dies) X(the_watcher_dies_when_it_is_told) \
	X(the_watcher_dies_before_it_is_told) \
	X(the_watcher_dies_before_it_is_told_that_it_cleared) X(a_death_is_for_any_thread) \
	X(a_thread_that_does_not_loop_clears) X(a_thread_exits_that_cleared)
#define EXCHANGES_NODES(X) \
	X(handles_are_numbered) X(a_node_has_one_handle) X(a_node_with_another_cookie) \
	X(a_node_is_forgotten_before_it_was_told) X(a_call_that_fails_tells_of_no_node) \
	X(a_weak_handle) X(a_weak_handle_becomes_strong) X(strong_again_by_its_owner) \
	X(a_weak_handle_is_not_sent_as_a_strong_one) X(a_strong_handle_is_sent_as_a_weak_one) \
	X(a_weak_handle_goes_home) X(a_handle_goes_home_and_is_held_there) \
	X(an_unknown_handle_is_sent) X(both_kinds_in_one_buffer) X(a_buffer_holds_its_handles) \
	X(a_process_takes_what_its_buffer_holds) X(counts_up_and_down) X(counts_weak_first) \
	X(counts_below_zero) X(counts_of_unknown_handles) X(counts_are_said_to_the_manager) \
	X(counts_that_are_not_acknowledged) X(counts_of_weak_handles) \
	X(released_before_it_is_acknowledged) X(released_and_acknowledged_at_once) \
	X(acknowledged_wrongly) X(acquired_again_before_it_is_read) \
	X(a_thread_exits_before_it_is_told) X(a_thread_is_told_of_its_own_nodes) \
	X(a_thread_takes_over_a_weak_node) X(two_holders) X(holders_die) \
	X(a_holder_dies_with_weak_handles) X(a_holder_dies_with_a_buffer) \
	X(a_handle_of_the_dead) X(nodes_of_a_process) X(what_a_buffer_releases_first) \
	X(handle_zero) X(handle_zero_of_the_manager) X(handle_zero_of_nobody) \
	X(the_manager_sends_itself) X(the_next_manager) \
	X(the_handle_of_a_dead_manager_is_passed_on) X(a_known_node_becomes_the_manager)
#define EXCHANGES_ONEWAY(X) \
	X(oneway_three_in_turn) X(oneway_freed_twice_is_one_turn) X(oneway_to_two_nodes) \
	X(oneway_and_calls) X(oneway_freed_while_it_serves_a_call) \
	X(oneway_is_not_for_who_waits) X(oneway_while_it_waits) X(oneway_is_not_answered) \
	X(oneway_to_two_threads) X(oneway_sender_dies) X(oneway_receiver_dies) \
	X(oneway_receiver_dies_with_an_object) X(oneway_thread_exits) \
	X(oneway_takes_half_of_the_memory) X(oneway_spam) X(oneway_spam_is_told_again) \
	X(oneway_spam_that_nobody_asked_for) X(oneway_spam_by_another) X(oneway_spam_by_number)
#define EXCHANGES_SLEEP(X) \
	X(a_sleeper_is_called) X(a_sleeper_waits_for_its_answer) X(a_sleeper_waits_for_the_dead) \
	X(a_sleeper_is_called_back) X(the_last_sleeper_is_called_first) \
	X(a_sleeper_gets_the_next_oneway) X(a_sleeper_is_told_of_a_death) \
	X(a_sleeper_is_told_of_references) X(a_sleeper_is_told_what_another_cleared) \
	X(no_thread_is_asked_for_while_one_sleeps) X(a_sleeper_that_is_not_free) X(a_sleeper_that_left_its_loop) \
	X(a_sleeper_returns_when_a_descriptor_is_closed) \
	X(a_sleeper_that_waits_for_an_answer_returns)
#define EXCHANGES_FILES(X) \
	X(a_file_is_sent) X(a_file_is_the_answer) X(a_file_is_not_wanted) \
	X(a_file_is_not_wanted_as_an_answer) X(no_such_file) X(a_file_is_sent_one_way) \
	X(a_file_for_who_dies)
#define EXCHANGES_BYTES(X) \
	X(bytes_are_sent_along) X(bytes_point_to_bytes) X(bytes_of_no_parent) \
	X(bytes_behind_their_parent) X(bytes_in_the_wrong_order) X(too_many_bytes) X(bytes_from_nowhere) \
	X(files_among_bytes) X(no_files_among_bytes) X(no_files_at_the_end_of_the_bytes) \
	X(files_behind_their_bytes) X(files_among_bytes_that_are_not_wanted) X(misaligned_bytes) \
	X(no_files_behind_the_end_of_the_bytes) X(files_at_a_misaligned_address) X(bytes_behind_files) \
	X(bytes_of_a_parent_that_is_done) X(bytes_of_an_object_at_0)
#define EXCHANGES_FREEZE(X) \
	X(frozen_is_not_called) X(frozen_is_not_called_with_an_object) X(frozen_whom_nobody_knows) \
	X(frozen_from_nowhere) X(frozen_by_any_number) X(frozen_by_itself) \
	X(frozen_by_one_that_dies) X(frozen_again) X(thawed_that_was_not_frozen) \
	X(frozen_and_dead) X(frozen_calls_others) X(not_frozen_before_a_call_is_read) \
	X(not_frozen_while_it_waits) X(not_frozen_is_called) X(not_frozen_before_a_oneway_is_read) \
	X(thawed_by_a_freeze_that_fails) X(frozen_and_reads_a_oneway) X(thawed_and_reads_oneways) \
	X(not_frozen_before_its_thread_answers) X(not_frozen_before_a_call_back_is_answered) \
	X(not_frozen_before_an_unread_call_back_is_gone) X(not_frozen_before_it_answers_the_dead) \
	X(not_frozen_before_it_reads_of_the_dead) X(frozen_after_an_answer_that_fails) \
	X(frozen_after_calls_that_fail) X(frozen_after_it_could_not_read) \
	X(frozen_in_all_its_files) X(frozen_in_some_of_its_files) X(frozen_on_all_devices) \
	X(frozen_when_it_has_answered) \
	X(frozen_when_it_has_read) X(frozen_when_it_has_read_its_answer) \
	X(not_frozen_when_it_has_read_and_waits) X(frozen_by_its_own_thread)
/* Also of what the kernel's own driver did not do in 6.1. */
#define EXCHANGES_FREEZE_NEWER(X) \
	X(pending_oneway) X(pending_oneway_to_a_sleeper) X(pending_oneway_that_fails) \
	X(pending_oneway_is_no_spam) X(pending_oneway_whose_receiver_dies) \
	X(pending_oneway_whose_sender_dies) X(updated) X(updated_in_the_order_of_the_newest) \
	X(not_updated_while_it_is_the_first) X(not_updated_by_others) \
	X(not_updated_on_another_node) X(not_updated_while_it_is_not_frozen) \
	X(updated_from_before_the_freeze) X(updated_frees_its_memory) X(updated_frees_its_objects) \
	X(told_of_a_freeze) X(told_of_a_freeze_that_was) X(told_of_a_freeze_of_the_manager) \
	X(told_of_a_freeze_by_a_weak_handle) X(told_when_it_knows) X(told_what_is_when_it_reads) \
	X(told_also_of_what_it_knows) X(told_of_no_freeze_that_fails) \
	X(told_of_a_freeze_and_of_what_else_there_is) X(told_of_freezes_by_several_nodes) \
	X(told_of_freezes_with_the_same_cookie) X(told_of_freezes_of_several_processes) \
	X(told_of_a_freeze_to_all) X(told_of_a_freeze_of_all_files) \
	X(told_of_no_freeze_it_may_not_ask_for) X(told_of_no_freeze_it_did_not_ask_for) \
	X(told_before_it_knows) X(told_that_it_cleared) X(told_that_it_cleared_before_it_read) \
	X(told_that_it_cleared_when_it_knows) X(told_that_it_cleared_what_had_changed) \
	X(told_that_it_cleared_and_asked_again) X(told_several_that_are_cleared) \
	X(told_of_a_freeze_of_the_dead) X(told_of_no_freeze_of_the_dead) \
	X(told_of_a_freeze_when_it_is_dead) X(told_of_a_freeze_and_a_death_with_one_cookie) \
	X(told_of_no_freeze_without_a_handle) X(told_of_a_freeze_before_the_handle_goes) \
	X(told_that_it_cleared_without_a_handle) X(told_that_it_cleared_before_the_handle_goes) \
	X(told_of_a_freeze_with_a_new_handle) X(told_and_dead) X(told_again_and_dead) \
	X(not_yet_told_and_dead) X(not_yet_told_that_it_cleared_and_dead) \
	X(told_any_thread_of_a_freeze) X(told_a_sleeper_of_a_freeze) \
	X(told_others_when_a_thread_exits) X(told_no_thread_that_waits_for_an_answer) \
	X(told_of_a_freeze_with_little_room)
#define EXCHANGES_SYSTEM(X) \
	X(written_from_the_middle) X(written_more_than_there_is) X(written_from_nowhere) \
	X(written_until_an_unknown_command) X(written_until_a_call_fails) X(written_nothing) \
	X(read_to_nowhere) X(read_behind_what_was_read) X(read_a_call_to_nowhere) \
	X(read_an_answer_to_nowhere) X(read_with_little_room) X(read_one_after_the_other) \
	X(read_at_first) X(arguments_from_nowhere) X(errors_are_forgotten) X(errors_of_threads) \
	X(managers_in_turn) X(two_files_and_the_manager) X(two_files_call_each_other) \
	X(two_files_die_together) X(polled_calls) X(polled_oneway) X(polled_by_threads) \
	X(polled_and_ended) X(a_thread_is_asked_for) X(threads_are_asked_for) \
	X(a_thread_that_was_not_asked_for) X(a_thread_that_entered_does_not_register) \
	X(a_thread_that_does_not_loop_starts_none) X(a_thread_that_left_its_loop) X(a_thread_that_exited_begins_again) X(a_thread_is_asked_for_without_room)
#define EXCHANGES_CVE(X) \
	X(cve_2020_0041) X(cve_2023_20938) X(cve_2023_21255) X(cve_2024_26606) X(cve_2024_46740) \
	X(cve_2026_98778) X(a_buffer_frees_the_handle_of_another_node)
#define EXCHANGES_MEMORY(X) \
	X(memory_of_eight_megabytes) X(memory_of_eight_megabytes_one_way) X(memory_of_less_than_a_page) \
	X(memory_that_the_process_would_write) X(memory_that_is_shared) X(memory_that_is_executable) \
	X(memory_that_was_unmapped) X(memory_that_was_unmapped_with_a_buffer) \
	X(memory_that_was_unmapped_before_a_call_was_read) X(memory_of_the_caller_that_was_unmapped) \
	X(memory_that_nobody_uses_is_taken_back) X(memory_that_two_buffers_share_is_not_taken_back) \
	X(memory_that_was_unmapped_is_taken_back) X(memory_is_taken_back_in_parts) X(memory_is_mapped_once)
/* Of what only real processes can do. */
#define EXCHANGES_PROCESSES(X) \
	X(a_child_has_no_memory) X(a_child_serves_for_its_parent) X(a_child_calls_for_its_parent) \
	X(a_child_ends) X(a_child_exits_as_a_thread) X(memory_whose_end_was_unmapped) \
	X(memory_whose_begin_was_unmapped) X(memory_whose_middle_was_unmapped) X(memory_that_was_moved)
#define EXCHANGES(X) \
	EXCHANGES_BASIC(X) EXCHANGES_CALLS(X) EXCHANGES_DATA(X) EXCHANGES_ORDERS(X) \
	EXCHANGES_DEATHS(X) EXCHANGES_NODES(X) EXCHANGES_ONEWAY(X) \
	EXCHANGES_SLEEP(X) \
	EXCHANGES_FILES(X) EXCHANGES_BYTES(X) EXCHANGES_FREEZE(X) \
	EXCHANGES_FREEZE_NEWER(X) EXCHANGES_SYSTEM(X) \
	EXCHANGES_CVE(X) EXCHANGES_MEMORY(X)

#define EXCHANGE(name)	void play_##name(void)
#define DECLARE(name)	EXCHANGE(name);
EXCHANGES(DECLARE)
EXCHANGES_PROCESSES(DECLARE)
#undef DECLARE
