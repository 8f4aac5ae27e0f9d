-- Companies of the new members; one that several sources number otherwise keeps the least of its numbers.
INSERT INTO main.company (name, source_company_id)
SELECT
    candidate.company,
    min(candidate.company_id) AS source_company_id
FROM staged.staged_fate
INNER JOIN candidate ON staged_fate.row_id = candidate.id
WHERE
    staged_fate.fate = 0
    AND candidate.company IS NOT NULL
    AND candidate.company NOT IN (SELECT company.name FROM main.company)
GROUP BY candidate.company
ORDER BY candidate.company
