-- Two webhooks, one of them paused.

INSERT INTO webhook_endpoints (name, url, events, secret, technician_id, created_at, failing_since, paused_at)
VALUES ('Dashboard', 'https://hooks.brightsons.example/techref', '["issue.logged"]', 'sealed', 1,
        '2026-12-01 09:00:00.000000', NULL, NULL),
       ('Größe', 'https://hooks.gone.example/', '["issue.resolved"]', 'sealed', 1,
        '2026-12-01 09:00:00.000000', '2026-12-02 09:00:00.000000', '2026-12-05 09:00:00.000000');
