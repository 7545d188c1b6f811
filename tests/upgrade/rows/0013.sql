-- What the same office has gathered by schema 0013: channels, mail, telephone, payments, known problems.

INSERT INTO scheduled_jobs (name, due_at, lease_until, ran_at, failure)
VALUES ('retention', '2026-06-16 18:00:00.000000', NULL, '2026-06-16 12:00:00.000000', NULL);
INSERT INTO reviewed_phrases (key, intent, at) VALUES ('0123456789abcdef', 'ask_hours', '2026-06-01 08:00:00.000000');
INSERT INTO dialogues_to_forget (conversation_id, at) VALUES ('c-solved', '2026-06-16 18:00:00.000000');

INSERT INTO customers (subject, name, email, contract_claimed, created_at)
VALUES (NULL, 'Ravi', NULL, TRUE, '2026-06-10 09:00:00.000000');
INSERT INTO conversations (id, customer_id, channel, owner, epoch, last_seq, episode, episode_turns, fallback,
  customer_read_seq, fence, promised_until, created_at, updated_at)
VALUES ('c-slack', 5, 'slack', 'assistant', 1, 2, 1, 1, FALSE, 0, 1, '2026-06-17 16:00:00.000000',
  '2026-06-10 09:00:00.000000', '2026-06-10 09:00:02.000000');
INSERT INTO channel_users (channel, workspace, user_id, customer_id, name, created_at)
VALUES ('slack', 'T1', 'U1', 5, 'Ravi', '2026-06-10 09:00:00.000000');
INSERT INTO channel_threads (conversation_id, channel, workspace, thread, shared, reference, fence, updated_at)
VALUES ('c-slack', 'slack', 'T1', 'C1:171.1', TRUE, '{"channel": "C1", "thread_ts": "171.1"}', 1, '2026-06-10 09:00:02.000000');
INSERT INTO messages (conversation_id, seq, revision, author, author_name, text, choices, cards, client_message_id, epoch,
  private, channel_user_id, created_at) VALUES
  ('c-slack', 1, 1, 'customer', 'Ravi', 'Is the bank feed down?', '[]', '[]', 'slack:171.1', 1, FALSE, 1,
   '2026-06-10 09:00:00.000000'),
  ('c-slack', 2, 1, 'assistant', 'Quill', 'Which bank is it?', '[]', '[]', NULL, 1, TRUE, NULL, '2026-06-10 09:00:02.000000');
INSERT INTO inbound_events (source, source_id, conversation_id, message_id, status, attempts, created_at, done_at)
VALUES ('slack', 'T1:C1:171.1', 'c-slack', 11, 'done', 1, '2026-06-10 09:00:00.000000', '2026-06-10 09:00:02.000000');
INSERT INTO deliveries (message_id, conversation_id, channel, status, attempts, parts_sent, outside_id, next_at, created_at)
VALUES (12, 'c-slack', 'slack', 'pending', 2, 1, '171.2', '2026-06-10 09:01:00.000000', '2026-06-10 09:00:02.000000');
INSERT INTO message_changes (conversation_id, message_id, source_id, kind, text, created_at)
VALUES ('c-slack', 11, 'T1:E9', 'edited', 'Is the bank feed down today?', '2026-06-10 09:00:30.000000');
INSERT INTO incoming_files (channel, conversation_id, message_id, name, source, status, attempts, next_at, created_at)
VALUES ('slack', 'c-slack', 11, 'feed.csv', '{"id": "F1"}', 'pending', 1, '2026-06-10 09:01:00.000000',
  '2026-06-10 09:00:00.000000');
INSERT INTO slack_workspaces (id, name, token, bot_user, scopes, installed_at)
VALUES ('T1', 'Fjord', 'sealed', 'B1', '["chat:write"]', '2026-06-01 09:00:00.000000');

INSERT INTO mails (key, kind, recipient, subject, body, secret, conversation_id, state, attempts, due_at, expires_at,
  trouble, created_at) VALUES
  ('reference:1', 'reference', 'mia@lindholm.example', 'TR-418-293-054', 'We have your issue.', FALSE, 'c-waiting', 'queued',
   0, '2026-06-16 13:50:01.000000', '2026-06-18 13:50:01.000000', FALSE, '2026-06-16 13:50:01.000000');
INSERT INTO continuation_links (token_hash, conversation_id, expires_at)
VALUES ('link', 'c-waiting', '2026-06-23 13:50:01.000000');

INSERT INTO invitations (token_hash, purpose, email, name, role, team, invited_by, created_at, expires_at)
VALUES ('invitation', 'invite', 'cleo@vendor.example', 'Cleo', 'technician', 'data', 1, '2026-06-16 08:00:00.000000',
  '2026-06-19 08:00:00.000000');
INSERT INTO settings_versions (at, technician_id, text) VALUES ('2026-06-01 08:00:00.000000', 1, 'company: Vendor');
INSERT INTO checklist_marks (item, technician_id, at) VALUES ('phone', 1, '2026-06-01 08:00:00.000000');

INSERT INTO calls (conversation_id, issue_id, technician_id, started_at, ended_at, minutes)
VALUES ('c-solved', 2, 1, '2026-05-21 09:50:00.000000', '2026-05-21 09:57:00.000000', 7);
INSERT INTO canned_replies (team, title, text, technician_id, created_at, updated_at)
VALUES (NULL, 'Version', 'Hello {name}, which version do you have?', 1, '2026-06-01 08:00:00.000000',
  '2026-06-01 08:00:00.000000');
INSERT INTO issue_links (issue_id, other_id, kind, technician_id, created_at)
VALUES (3, 1, 'related', 1, '2026-06-16 15:00:00.000000');
INSERT INTO ratings (issue_id, conversation_id, technician_id, score, comment, created_at, updated_at)
VALUES (2, 'c-solved', 1, 5, 'Quick!', '2026-05-21 10:05:00.000000', '2026-05-21 10:05:00.000000');

INSERT INTO known_problems (title, text, category, versions, state, technician_id, created_at, updated_at)
VALUES ('E-1402 after the update', 'A mend is on its way.', 'printing', '["9.1"]', 'published', 1,
  '2026-06-15 08:00:00.000000', '2026-06-15 08:00:00.000000');
INSERT INTO known_problem_updates (problem_id, kind, text, technician_id, created_at)
VALUES (1, 'update', 'It comes on Friday.', 1, '2026-06-16 08:00:00.000000');
INSERT INTO known_problem_news (update_id, issue_id, told_at) VALUES (1, 1, '2026-06-16 14:00:00.000000');
UPDATE issues SET known_problem_id = 1, edited = '["title"]' WHERE reference = 'TR-418-293-054';

INSERT INTO payments (issue_id, customer_id, provider, state, minutes, amount, currency, brand, authorisation, checkout_id,
  technician_id, created_at, paid_at)
VALUES (2, 3, 'phone', 'paid', 30, 7000, 'USD', 'visa', 'A-77', NULL, 1, '2026-05-20 10:00:00.000000',
  '2026-05-20 10:01:00.000000');
INSERT INTO work_minutes (issue_id, technician_id, minutes, kind, at)
VALUES (2, 1, 7, 'call', '2026-05-21 09:57:00.000000');
INSERT INTO one_time_codes (conversation_id, purpose, subject, contract_number, email, code_hash, tries, created_at,
  expires_at)
VALUES ('c-waiting', 'contract', 'somebody', 'C-1001', 'it@lindholm.example', 'code', 1, '2026-06-16 13:55:00.000000',
  '2026-06-16 14:10:00.000000');
