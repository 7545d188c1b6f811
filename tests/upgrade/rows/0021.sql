-- A repository that issues are brought to, and one issue that was.

INSERT INTO trackers (kind, name, url, project, issue_type, team, account, token, secret, technician_id, created_at, removed_at)
VALUES ('github', 'Quillbook', 'https://api.github.com', 'brightsons/quillbook', NULL, NULL, NULL, 'sealed', 'sealed', 1,
        '2026-12-01 09:00:00.000000', NULL);
INSERT INTO escalations (conversation_id, issue_id, tracker_id, marker, client_id, title, text, state, outside_id, url,
                         technician_id, created_at, opened_at, closed_at)
SELECT conversation_id, id, 1, 'techref-0123456789abcdef', '1:one', 'Crashes', 'It crashes when Größe is printed.', 'open',
       '12', 'https://github.com/brightsons/quillbook/issues/12', 1, '2026-12-01 09:00:00.000000',
       '2026-12-01 09:00:01.000000', NULL
FROM issues ORDER BY id LIMIT 1;
