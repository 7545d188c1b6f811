-- A hand-off with its card in a Slack channel, a note that was written under it, and one of nobody we know.

INSERT INTO staff_places (platform, workspace, channel, reference) VALUES ('slack', 'T0VENDOR', 'C0STAFF', '{}');
INSERT INTO staff_threads (hand_off_id, conversation_id, place_id, thread, shown, explained, created_at)
SELECT id, conversation_id, 1, '1781618400.000100', NULL, TRUE, '2026-06-16 14:00:00.000000'
FROM hand_offs ORDER BY id LIMIT 1;
INSERT INTO staff_messages (thread_id, outside_id, user_id, technician_id, outcome, note_id, message_id, changed, created_at)
SELECT 1, '1781618460.000100', 'U1ANNA', technician_id, 'note', id, NULL, FALSE, '2026-06-16 14:01:00.000000'
FROM notes ORDER BY id LIMIT 1;
INSERT INTO staff_messages (thread_id, outside_id, user_id, technician_id, outcome, note_id, message_id, changed, created_at)
VALUES (1, '1781618470.000100', 'U2GUEST', NULL, 'refused', NULL, NULL, FALSE, '2026-06-16 14:01:10.000000');
