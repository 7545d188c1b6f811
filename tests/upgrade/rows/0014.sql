-- Keys of machines, one of them revoked, and a note that one has written.

INSERT INTO api_keys (name, prefix, token_hash, scopes, technician_id, created_at, expires_at, last_used_at, revoked_at)
VALUES ('Billing', 'trk_1a2b3c4d', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '["issues:read"]', 1,
        '2026-12-01 09:00:00.000000', NULL, '2026-12-02 09:00:00.000000', NULL),
       ('Old script', 'trk_5e6f7a8b', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', '[]', 1,
        '2026-12-01 09:00:00.000000', '2027-12-01 09:00:00.000000', NULL, '2026-12-03 09:00:00.000000');
INSERT INTO notes (conversation_id, technician_id, author_name, after_seq, text, created_at)
VALUES ('c-waiting', NULL, 'Billing', 1, 'The invoice is paid.', '2026-12-02 09:00:00.000000');
