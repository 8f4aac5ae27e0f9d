-- Rows with an error, and clean ones without any name (where that rule is switched off), cannot become
-- members.
INSERT INTO staged.staged_fate (row_id, fate, membership_id, same_key_row_id)
SELECT
    staged_row.id,
    3 AS fate,
    NULL AS membership_id,
    NULL AS same_key_row_id
FROM staged.staged_row
WHERE
    staged_row.class = 2
    OR (staged_row.class = 0 AND staged_row.given_name IS NULL AND staged_row.family_name IS NULL)
