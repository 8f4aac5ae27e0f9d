-- Where the memberships of the rows ?1 to ?2 come from; ?3 plus the row is the membership, ?4 the push.
INSERT INTO main.source_record (source_file_id, line, membership_id, push_id, fingerprint)
SELECT
    plan_file.source_file_id,
    staged_row.line,
    ?3 + staged_row.id AS membership_id,
    ?4 AS push_id,
    staged_row.fingerprint
FROM staged.staged_fate
INNER JOIN staged.staged_row ON staged_fate.row_id = staged_row.id
INNER JOIN plan_file ON staged_row.file_id = plan_file.file_id
WHERE staged_fate.fate = 0 AND staged_fate.row_id BETWEEN ?1 AND ?2
