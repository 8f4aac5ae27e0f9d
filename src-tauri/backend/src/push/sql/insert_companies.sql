-- Companies of the new and the changed members; one that several sources number otherwise keeps the least of
-- its numbers.
INSERT INTO company (name, source_company_id)
SELECT
    planned.company,
    min(planned.company_number) AS source_company_id
FROM planned
WHERE
    planned.fate IN (0, 4)
    AND planned.company IS NOT NULL
    AND planned.company NOT IN (SELECT company.name FROM company)
GROUP BY planned.company
ORDER BY planned.company
