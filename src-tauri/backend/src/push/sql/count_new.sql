-- Clubs and companies that the plan would add.
SELECT
    (SELECT count(DISTINCT plan_file.source) FROM plan_file WHERE plan_file.club_id IS NULL) AS clubs,
    (
        SELECT count(DISTINCT candidate.company)
        FROM staged.staged_fate
        INNER JOIN candidate ON staged_fate.row_id = candidate.id
        WHERE
            staged_fate.fate = 0
            AND candidate.company IS NOT NULL
            AND candidate.company NOT IN (SELECT company.name FROM main.company)
    ) AS companies
