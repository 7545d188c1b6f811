-- A second workspace of a contract, and a tenant that no contract names.

INSERT INTO contract_places (contract_number, channel, place) SELECT MIN(number), 'slack', 'T0SECOND' FROM contracts;
INSERT INTO unknown_companies (channel, place, messages, first_at, last_at)
VALUES ('teams', '0f5f4a0e-9999-4a6f-8f0b-6a7d2b1c3d4e', 3, '2026-12-01 09:00:00.000000', '2026-12-01 10:00:00.000000')
