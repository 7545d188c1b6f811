-- By schema 0018: a search on the manual's own pages, what was opened of it, somebody who was erased, a turn that waits.

INSERT INTO searches (source, key, conversation_id, message_id, question, shown, score, confident, created_at)
VALUES ('manual', 'search-1', NULL, NULL, 'vat number', '["settings/company.md"]', 0.5, TRUE, '2026-06-12 09:00:00.000000');
INSERT INTO search_clicks (search_id, place, at) VALUES (2, 0, '2026-06-12 09:00:05.000000');
INSERT INTO customers (name, created_at, erased_at)
VALUES (NULL, '2026-06-01 09:00:00.000000', '2026-06-14 09:00:00.000000');
UPDATE conversations SET revisions = 2 WHERE id = 'c-slack';
UPDATE inbound_events SET not_before = '2026-06-15 09:00:01.000000' WHERE source_id = 'c-writing:m1';
