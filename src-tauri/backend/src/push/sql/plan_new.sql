-- All others of the clean rows ?1 to ?2 are new.
INSERT INTO staged.staged_fate (row_id, fate, membership_id, same_key_row_id)
SELECT
    candidate.id,
    0 AS fate,
    NULL AS membership_id,
    NULL AS same_key_row_id
FROM candidate
WHERE
    candidate.id BETWEEN ?1 AND ?2
    AND NOT EXISTS (SELECT 1 FROM staged.staged_fate WHERE staged_fate.row_id = candidate.id)
