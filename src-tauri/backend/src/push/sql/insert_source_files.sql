-- ?1: now
INSERT INTO main.source_file (club_id, sha256, name, size, added)
SELECT DISTINCT
    plan_file.club_id,
    staged_file.sha256,
    staged_file.name,
    staged_file.size,
    ?1 AS added
FROM plan_file
INNER JOIN staged.staged_file ON plan_file.file_id = staged_file.id
WHERE plan_file.source_file_id IS NULL
