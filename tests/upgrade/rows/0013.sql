-- A resolution that was about to take effect, and one that was undone.

INSERT INTO delayed_actions (conversation_id, technician_id, kind, payload, seen_seq, state, why, created_at, due_at, ended_at)
SELECT 'c-waiting', min(technicians.id), 'resolve', '{"references": null}', 2, 'waiting', NULL,
  '2026-06-17 13:00:00', '2026-06-17 13:00:05', NULL FROM technicians;
INSERT INTO delayed_actions (conversation_id, technician_id, kind, payload, seen_seq, state, why, created_at, due_at, ended_at)
SELECT 'c-waiting', min(technicians.id), 'transfer', '{}', 2, 'undone', NULL,
  '2026-06-17 12:00:00', '2026-06-17 12:00:05', '2026-06-17 12:00:03' FROM technicians;
