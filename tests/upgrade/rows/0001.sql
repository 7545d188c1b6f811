-- An office at the first schema: one conversation of each owner, an answer still due, at least one row in every table.
-- No ids are written where the database counts them: what refers to a row counts the rows above it.

INSERT INTO contracts (number, company, status, starts_on, ends_on, contact_email, email_domains)
VALUES ('C-1001', 'Lindholm Bakery', 'active', '2026-01-01', '2026-12-31', 'it@lindholm.example', '["lindholm.example"]');

INSERT INTO technicians (email, name, password_hash, role, team, active, created_at) VALUES
  ('anna@vendor.example', 'Anna', '$argon2id$v=19$m=1024,t=1,p=1$ohzjyh+dJ5DA1zYKnMmwQw$qSXrzRtFB3kI0Ma5C1o6WeNdF0pjW0ZlwSdmMWbdXD4',
   'admin', NULL, TRUE, '2026-05-01 08:00:00.000000'),
  ('ben@vendor.example', 'Ben', '-', 'technician', 'applications', FALSE, '2026-05-01 08:00:00.000000');

INSERT INTO customers (subject, name, email, phone, contract_number, contract_proof, created_at) VALUES
  ('user-7', 'Mia Lindholm', 'mia@lindholm.example', '234-542-1111', 'C-1001', 'identity', '2026-05-02 09:00:00.000000'),
  (NULL, NULL, NULL, NULL, NULL, NULL, '2026-06-15 09:00:00.000000'),
  (NULL, 'Tom Ødegård', 'tom@fjord.example', NULL, NULL, NULL, '2026-05-20 09:00:00.000000'),
  (NULL, 'Ines', NULL, NULL, NULL, NULL, '2026-06-16 09:00:00.000000');

INSERT INTO conversations (id, customer_id, channel, owner, epoch, technician_id, last_seq, episode, episode_turns,
  resume, model_id, fallback, mood, outcome, locale, time_zone, page_url, customer_read_seq, customer_seen_at, fence,
  created_at, updated_at) VALUES
  ('c-waiting', 1, 'web', 'queue', 2, NULL, 3, 1, 1, NULL, 'model-a', FALSE, 'calm', NULL, 'en-US', 'America/New_York',
   'https://lindholm.example/help', 2, '2026-06-16 14:00:00.000000', 1,
   '2026-06-16 13:50:00.000000', '2026-06-16 14:00:00.000000'),
  ('c-writing', 2, 'web', 'assistant', 1, NULL, 1, 1, 0, NULL, NULL, FALSE, NULL, NULL, NULL, NULL, NULL, 0, NULL, 0,
   '2026-06-15 09:00:00.000000', '2026-06-15 09:00:00.000000'),
  ('c-solved', 3, 'web', 'closed', 4, NULL, 4, 2, 1, '{"reason": "give_back"}', 'model-a', FALSE, NULL, 'solved', NULL,
   NULL, NULL, 4, '2026-05-21 10:00:00.000000', 3, '2026-05-20 09:00:00.000000', '2026-05-21 10:00:00.000000'),
  ('c-talking', 4, 'web', 'technician', 3, 1, 2, 1, 1, NULL, 'model-a', FALSE, NULL, NULL, NULL, NULL, NULL, 1, NULL, 2,
   '2026-06-16 09:00:00.000000', '2026-06-16 15:00:00.000000');

-- The SHA-256 of "a token of 2026".
INSERT INTO conversation_tokens (token_hash, conversation_id, expires_at)
VALUES ('a26d8bff49ef61aa0d839a1da23318ba66f79a70c84da51db56d66b533e49a94', 'c-waiting', '2026-07-16 14:00:00.000000');
INSERT INTO identity_token_uses (jti, expires_at) VALUES ('jti-1', '2026-06-17 13:50:00.000000');

INSERT INTO messages (conversation_id, seq, revision, author, author_name, technician_id, text, choices, cards, chosen,
  client_message_id, body_hash, seen_seq, epoch, reference, created_at) VALUES
  ('c-waiting', 1, 1, 'customer', 'Mia Lindholm', NULL, 'Quillbook says E-1402 when I print – “again”. 🙁', '[]', '[]',
   NULL, 'm1', NULL, 0, 1, NULL, '2026-06-16 13:50:00.000000'),
  ('c-waiting', 2, 1, 'assistant', 'Quill', NULL, 'Your Tech Reference is TR-418-293-054.',
   '[{"id": "ch-1", "title": "Talk to a person", "payload": "/want_person"}]',
   '[{"title": "Printing", "url": "/manual/printing", "excerpt": "Choose the printer."}]', NULL, NULL, NULL, NULL, 1,
   'TR-418-293-054', '2026-06-16 13:50:02.000000'),
  ('c-waiting', 3, 1, 'customer', 'Mia Lindholm', NULL, 'Talk to a person', '[]', '[]',
   '{"id": "ch-1", "payload": "/want_person"}', 'm2', NULL, 2, 1, NULL, '2026-06-16 14:00:00.000000'),
  ('c-writing', 1, 1, 'customer', 'You', NULL, 'Hello, the backup will not start', '[]', '[]', NULL, 'm1', NULL, 0, 1, NULL,
   '2026-06-15 09:00:00.000000'),
  ('c-solved', 1, 1, 'customer', 'Tom Ødegård', NULL, 'Where do I enter my VAT number?', '[]', '[]', NULL, 'm1', NULL, 0, 1,
   NULL, '2026-05-20 09:00:00.000000'),
  ('c-solved', 2, 2, 'assistant', 'Quill', NULL, 'I have logged it as TR-582-103-647.', '[]', '[]', NULL, NULL, NULL, NULL, 1,
   'TR-582-103-647', '2026-05-20 09:00:03.000000'),
  ('c-solved', 3, 1, 'technician', 'Anna', 1, 'Under Settings, Company.', '[]', '[]', NULL, 't1', NULL, NULL, 3,
   'TR-582-103-647', '2026-05-21 09:59:00.000000'),
  ('c-solved', 4, 1, 'system', 'System', NULL, 'Anna has marked the issue as solved.', '[]', '[]', NULL, NULL, NULL, NULL, 4,
   NULL, '2026-05-21 10:00:00.000000'),
  ('c-talking', 1, 1, 'customer', 'Ines', NULL, 'Nothing is where it was', '[]', '[]', NULL, 'm1', NULL, 0, 1, NULL,
   '2026-06-16 09:00:00.000000'),
  ('c-talking', 2, 1, 'technician', 'Anna', 1, 'Which version do you have?', '[]', '[]', NULL, 't1', NULL, NULL, 3, NULL,
   '2026-06-16 15:00:00.000000');

INSERT INTO notes (conversation_id, technician_id, after_seq, text, created_at)
VALUES ('c-talking', 1, 1, 'Sounds like the new menu.', '2026-06-16 14:59:00.000000');
INSERT INTO attachments (id, conversation_id, message_id, name, content_type, size, sha256, stored_as, created_at)
VALUES ('a-1', 'c-waiting', 1, 'error.png', 'image/png', 9, 'ab', 'ab/abc', '2026-06-16 13:50:00.000000');

INSERT INTO inbound_events (source, source_id, conversation_id, message_id, status, attempts, created_at, done_at) VALUES
  ('web', 'c-waiting:m1', 'c-waiting', 1, 'done', 1, '2026-06-16 13:50:00.000000', '2026-06-16 13:50:02.000000'),
  ('web', 'c-waiting:m2', 'c-waiting', 3, 'done', 1, '2026-06-16 14:00:00.000000', '2026-06-16 14:00:01.000000'),
  ('web', 'c-writing:m1', 'c-writing', 4, 'pending', 0, '2026-06-15 09:00:00.000000', NULL),
  ('web', 'c-solved:m1', 'c-solved', 5, 'done', 1, '2026-05-20 09:00:00.000000', '2026-05-20 09:00:03.000000'),
  ('web', 'c-talking:m1', 'c-talking', 9, 'done', 1, '2026-06-16 09:00:00.000000', '2026-06-16 09:00:01.000000');
INSERT INTO turns (conversation_id, inbound_event_id, result, intent, confidence, rule, actions, effects, reason,
  milliseconds, created_at)
VALUES ('c-waiting', 1, 'answered', 'report_problem', 0.97, 'log an issue', '["action_open_issue"]',
  '[{"effect": "hand_off"}]', NULL, 84, '2026-06-16 13:50:02.000000');

INSERT INTO intakes (conversation_id, state, version, category, wants_person, opened_by, asking, asking_private, misses,
  created_at, updated_at) VALUES
  ('c-waiting', 'open', 3, 'printing', TRUE, 1, 'printer', FALSE, 0,
   '2026-06-16 13:50:00.000000', '2026-06-16 13:50:02.000000'),
  ('c-solved', 'done', 2, 'other', FALSE, 5, NULL, FALSE, 0, '2026-05-20 09:00:00.000000', '2026-05-20 09:00:03.000000'),
  ('c-talking', 'done', 2, 'other', TRUE, 9, NULL, FALSE, 0, '2026-06-16 09:00:00.000000', '2026-06-16 09:00:01.000000');
INSERT INTO intake_answers (intake_id, question_id, value, status, visibility, message_id, updated_at) VALUES
  (1, 'problem', 'Quillbook says E-1402 when I print – “again”. 🙁', 'answered', 'everyone', 1, '2026-06-16 13:50:00.000000'),
  (1, 'contact', 'mia@lindholm.example', 'answered', 'everyone', 1, '2026-06-16 13:50:00.000000'),
  (1, 'licence', 'QB-1', 'answered', 'technician', 1, '2026-06-16 13:50:00.000000'),
  (2, 'problem', 'Where do I enter my VAT number?', 'answered', 'everyone', 5, '2026-05-20 09:00:00.000000'),
  (2, 'contact', 'tom@fjord.example', 'answered', 'everyone', 5, '2026-05-20 09:00:00.000000'),
  (3, 'problem', 'Nothing is where it was', 'answered', 'everyone', 9, '2026-06-16 09:00:00.000000'),
  (3, 'contact', '234-542-2222', 'answered', 'everyone', 9, '2026-06-16 09:00:00.000000');

INSERT INTO issues (reference, intake_id, conversation_id, customer_id, category, team, title, status, technician_id,
  entitlement, impact, details_complete, created_at, updated_at, announced_at, resolved_at) VALUES
  ('TR-418-293-054', 1, 'c-waiting', 1, 'printing', 'applications', 'Quillbook says E-1402 when I print', 'new', NULL,
   'contract', 'one_person', FALSE, '2026-06-16 13:50:01.000000', '2026-06-16 13:50:01.000000',
   '2026-06-16 13:50:02.000000', NULL),
  ('TR-582-103-647', 2, 'c-solved', 3, 'other', 'applications', 'Where do I enter my VAT number?', 'resolved', 1,
   'payment_required', NULL, TRUE, '2026-05-20 09:00:02.000000', '2026-05-21 10:00:00.000000',
   '2026-05-20 09:00:03.000000', '2026-05-21 10:00:00.000000'),
  ('TR-709-364-184', 3, 'c-talking', 4, 'other', 'applications', 'Nothing is where it was', 'in_progress', 1,
   'payment_required', NULL, FALSE, '2026-06-16 09:00:01.000000', '2026-06-16 15:00:00.000000',
   '2026-06-16 09:00:01.000000', NULL);
UPDATE conversations SET issue_id = 1 WHERE id = 'c-waiting';
UPDATE conversations SET issue_id = 2 WHERE id = 'c-solved';
UPDATE conversations SET issue_id = 3 WHERE id = 'c-talking';

INSERT INTO hand_offs (conversation_id, issue_id, team, for_technician_id, technician_id, state, reason, note,
  asked_out_of_hours, created_at, claimed_at, ended_at, updated_at) VALUES
  ('c-waiting', 1, 'applications', NULL, NULL, 'waiting', 'asked', NULL, FALSE,
   '2026-06-16 14:00:01.000000', NULL, NULL, '2026-06-16 14:00:01.000000'),
  ('c-solved', 2, 'applications', NULL, 1, 'done', 'asked', 'Once more, please.', TRUE, '2026-05-20 09:00:03.000000',
   '2026-05-21 09:58:00.000000', '2026-05-21 10:00:00.000000', '2026-05-21 10:00:00.000000'),
  ('c-talking', 3, 'applications', NULL, 1, 'claimed', 'asked', NULL, FALSE, '2026-06-16 09:00:01.000000',
   '2026-06-16 14:58:00.000000', NULL, '2026-06-16 14:58:00.000000');

INSERT INTO searches (conversation_id, message_id, question, shown, score, confident, solved, issue_id, created_at)
VALUES ('c-solved', 5, 'Where do I enter my VAT number?', '["settings/company.md"]', 0.41, TRUE, FALSE, 2,
  '2026-05-20 09:00:01.000000');
INSERT INTO audit (at, actor, action, conversation_id, issue_id, details)
VALUES ('2026-06-16 13:50:01.000000', 'assistant', 'issue.open', 'c-waiting', 1, '{"from": 1}');
INSERT INTO sign_in_attempts (subject, at) VALUES ('somebody', '2026-06-16 08:00:00.000000');
INSERT INTO desk_sessions (token_hash, csrf_hash, technician_id, created_at, expires_at)
VALUES ('session', 'csrf', 1, '2026-06-16 08:00:00.000000', '2026-06-18 08:00:00.000000');

-- Channels, mail, telephone, payments, known problems.

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

-- A search on the page of the manual, its click, an erased customer, a delayed turn.

INSERT INTO searches (source, key, conversation_id, message_id, question, shown, score, confident, created_at)
VALUES ('manual', 'search-1', NULL, NULL, 'vat number', '["settings/company.md"]', 0.5, TRUE, '2026-06-12 09:00:00.000000');
INSERT INTO search_clicks (search_id, place, at) VALUES (2, 0, '2026-06-12 09:00:05.000000');
INSERT INTO customers (name, created_at, erased_at)
VALUES (NULL, '2026-06-01 09:00:00.000000', '2026-06-14 09:00:00.000000');
UPDATE conversations SET revisions = 1 WHERE id = 'c-solved';
UPDATE conversations SET revisions = 2 WHERE id = 'c-slack';
UPDATE inbound_events SET not_before = '2026-06-15 09:00:01.000000' WHERE source_id = 'c-writing:m1';
