INSERT INTO club (name)
SELECT DISTINCT planned_file.source
FROM planned_file
WHERE planned_file.club_id IS NULL
ORDER BY planned_file.source
