-- The files of the import that have rows, with their club and their entry in the target.
INSERT INTO plan_file (file_id, source, club_id, source_file_id)
SELECT
    staged_file.id,
    staged_file.source,
    club.id AS club_id,
    source_file.id AS source_file_id
FROM staged.staged_file
LEFT JOIN main.club ON staged_file.source = club.name
LEFT JOIN main.source_file
    ON
        club.id = source_file.club_id
        AND staged_file.sha256 = source_file.sha256
        AND staged_file.name = source_file.name
WHERE EXISTS (SELECT 1 FROM staged.staged_row WHERE staged_row.file_id = staged_file.id)
