-- $1: now
INSERT INTO source_file (club_id, sha256, name, size, header, added)
SELECT DISTINCT
    planned_file.club_id,
    planned_file.sha256,
    planned_file.file_name,
    planned_file.size,
    planned_file.header,
    $1 AS added
FROM planned_file
WHERE planned_file.source_file_id IS NULL
