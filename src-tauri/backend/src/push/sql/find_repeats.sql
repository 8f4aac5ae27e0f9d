-- Clean rows whose key an earlier clean row of the same source has.
INSERT INTO repeated (row_id, first_id)
SELECT
    numbered.id,
    numbered.first_id
FROM (
    SELECT
        candidate.id,
        min(candidate.id) OVER (PARTITION BY plan_file.source, candidate.membership_key) AS first_id
    FROM candidate
    INNER JOIN plan_file ON candidate.file_id = plan_file.file_id
    WHERE
        candidate.membership_key IN (
            SELECT every_row.membership_key
            FROM staged.staged_row AS every_row
            GROUP BY every_row.membership_key
            HAVING count(*) > 1
        )
) AS numbered
WHERE numbered.id > numbered.first_id
