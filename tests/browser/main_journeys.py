"""The browser tests of `make test`: the main journeys of each person, and one page of each kind.

All the others are marked `long`, and belong to `make test-long`.
"""

MAIN_JOURNEYS = {
    "visitor": (
        "test_journeys.test_a_mayor_registers_and_opens_her_badge",
        "test_journeys.test_a_secretary_registers_two_people_of_her_commune",
        "test_journeys.test_hostile_names_are_shown_as_they_are",
        "test_badge_offline.test_the_badge_and_its_appointments_open_again_without_network",
        "test_rendez_vous.test_a_stranger_books_moves_and_cancels_without_javascript",
        "test_rendez_vous.test_a_secretary_books_for_somebody_else_by_keyboard",
        "test_queue.test_a_phone_takes_a_number_an_agent_calls_it_and_the_screen_shows_it",
        "test_screen_reader.test_registration_says_each_field_and_what_is_wrong_with_it",
        "test_plan.test_the_public_plan_is_moved_by_buttons_keys_and_pointer",
    ),
    "exhibitor": (
        "test_exhibitor_journey.test_from_siret_to_stand_to_invoice_by_keyboard",
        "test_space.test_the_answer_of_the_organiser_comes_back_as_a_task",
        "test_safety.test_a_stand_is_declared_and_a_rule_set_aside",
        "test_team.test_a_code_is_made_and_its_link_registers",
        "test_leads.test_a_stand_reads_without_network_and_what_waits_leaves_when_it_is_back",
    ),
    "agent": (
        "test_my_rota.test_the_page_opens_again_without_network",
        "test_my_rota.test_a_tap_without_network_is_sent_once_when_it_is_back",
        "test_my_rota_leaving.test_signing_out_leaves_nothing_on_the_phone",
        "test_meeting.test_a_visitor_arrives_is_received_and_is_promised_two_things",
        "test_standin.test_an_agent_gives_up_a_shift_and_a_colleague_takes_it",
        "test_rescue.test_an_agent_falls_ill_and_the_plan_is_confirmed_by_keyboard",
    ),
    "host at the door": (
        "test_scanner.test_a_typing_reader_a_double_an_exit_and_a_return",
        "test_scanner.test_the_camera_reads_a_printed_badge_once",
        "test_scanner.test_a_person_is_let_in_by_name",
        "test_scanner.test_without_the_server_the_verdict_is_given_and_scans_leave_when_it_is_back",
        "test_station_names.test_a_person_is_let_in_by_name_without_network",
        "test_paper.test_thirty_codes_typed_without_a_pause",
    ),
    "visitor at the kiosk": (
        "test_kiosk.test_the_whole_visit_by_keyboard_and_what_a_screen_reader_says",
        "test_kiosk.test_somebody_without_a_badge_registers_and_gets_one",
        "test_kiosk.test_without_network_it_opens_checks_in_and_prints_what_it_knows",
        "test_kiosk.test_it_forgets_after_twenty_seconds_without_a_gesture",
    ),
    "organiser": (
        "test_jobs.test_the_progress_of_a_rota_is_told_then_that_it_failed",
        "test_rota_grid.test_a_rota_is_built_by_keyboard_alone",
        "test_rota_grid.test_a_shift_is_painted_moved_given_and_stretched_by_mouse",
        "test_rota_day.test_an_arrival_and_a_remedy_by_keyboard",
        "test_plan.test_a_stand_is_dragged_by_half_metres_undone_and_saved",
        "test_plan.test_the_editor_and_the_server_find_the_same_faults",
        "test_paper.test_a_pack_is_made_and_its_sheet_ticked_by_keyboard",
        "test_conflicts.test_a_hostile_point_is_read_and_settled_on_a_telephone",
        "test_staff_search.test_ctrl_k_finds_a_page_and_opens_it",
        "test_ticked_lists.test_one_box_ticks_every_line_and_tells_how_many",
        "test_session_watch.test_a_session_warns_before_it_ends_and_gives_back_what_was_typed",
    ),
    "nobody: the tests' own means": (
        "test_server.test_each_main_journey_is_a_test",
        "test_inspection.test_what_only_a_phone_shows_paints_or_scrolls_is_noticed",
        "test_inspection.test_what_is_wider_than_a_phone_is_noticed",
    ),
}
"""By person: module and test."""

NAMES = frozenset(name for names in MAIN_JOURNEYS.values() for name in names)
