-- A page that was written at the desk: published, and changed in a draft since.

INSERT INTO page_versions (page, at, technician_id, state, text, origin)
VALUES ('move-to-a-new-server', '2026-12-01 09:00:00.000000', 1, 'published', 'Copy the folder.', 'TR-483-920-179'),
       ('move-to-a-new-server', '2026-12-02 09:00:00.000000', NULL, 'draft', 'Copy the folder Größe.', NULL);
