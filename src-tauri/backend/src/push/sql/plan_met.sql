-- The fate of those of the rows ?1 to ?2 whose key the target has: the same there (1) or different (2).
INSERT INTO staged.staged_fate (row_id, fate, membership_id, same_key_row_id)
SELECT
    met.row_id,
    CASE WHEN met.is_identical THEN 1 ELSE 2 END AS fate,
    met.membership_id,
    NULL AS same_key_row_id
FROM met
WHERE met.row_id BETWEEN ?1 AND ?2
