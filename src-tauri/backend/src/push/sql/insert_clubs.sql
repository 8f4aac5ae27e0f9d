INSERT INTO main.club (name)
SELECT DISTINCT plan_file.source
FROM plan_file
WHERE plan_file.club_id IS NULL
ORDER BY plan_file.source
