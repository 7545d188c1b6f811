-- An issue with a tag.

INSERT INTO tags (name, key, technician_id, created_at)
SELECT 'Größe', 'größe', min(technicians.id), '2026-06-17 13:00:00' FROM technicians;
INSERT INTO issue_tags (issue_id, tag_id, technician_id, at)
SELECT (SELECT min(id) FROM issues), (SELECT min(id) FROM tags), min(technicians.id), '2026-06-17 13:00:00' FROM technicians;
