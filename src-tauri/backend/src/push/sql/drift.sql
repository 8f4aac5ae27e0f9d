-- What became otherwise since the plan: rows planned as new that are there by now, and rows that compare
-- otherwise.
SELECT
    (
        SELECT count(*)
        FROM staged.staged_fate
        INNER JOIN met ON staged_fate.row_id = met.row_id
        WHERE staged_fate.fate = 0
    ) AS added,
    (
        SELECT count(*)
        FROM staged.staged_fate
        WHERE staged_fate.fate IN (1, 2) AND staged_fate.membership_id IS NOT NULL
    ) - (
        SELECT count(*)
        FROM staged.staged_fate
        INNER JOIN met
            ON
                staged_fate.row_id = met.row_id
                AND staged_fate.membership_id = met.membership_id
        WHERE
            staged_fate.fate IN (1, 2)
            AND met.is_identical = (staged_fate.fate = 1)
    ) AS changed
