-- A view that is shared.

INSERT INTO saved_views (technician_id, title, filters, shared, created_at)
SELECT min(technicians.id), 'Größe offen', '{"status": "open"}', TRUE, '2026-06-17 13:00:00' FROM technicians;
