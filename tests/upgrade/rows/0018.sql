-- A colleague who is mentioned in a note and has not read it.

INSERT INTO mentions (note_id, technician_id, conversation_id, created_at, read_at)
SELECT min(notes.id), (SELECT min(id) FROM technicians), min(notes.conversation_id), '2026-06-17 13:00:00', NULL FROM notes HAVING count(*) > 0;
