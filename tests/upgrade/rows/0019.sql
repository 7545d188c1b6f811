-- A macro that replies, adds a tag and waits for the customer.

INSERT INTO macros (team, title, text, status, to_team, tags, technician_id, created_at, updated_at)
SELECT NULL, 'Größe erfragen', 'Hello {customer}', 'waiting_customer', NULL, '["printer"]', min(technicians.id),
  '2026-06-17 13:00:00', '2026-06-17 13:00:00' FROM technicians;
