-- Where the memberships of the rows $1 to $2 come from; $3 plus the row is the membership, $4 the ledger's
-- entry, $5 its year.
INSERT INTO source_record (year, source_file_id, line, club_id, membership_id, push_id, fingerprint)
SELECT
    $5 AS year,
    planned_file.source_file_id,
    planned.line,
    planned_file.club_id,
    $3 + planned.row_id AS membership_id,
    $4 AS push_id,
    planned.fingerprint
FROM planned
INNER JOIN planned_file ON planned.file_id = planned_file.file_id
WHERE planned.fate = 0 AND planned.row_id BETWEEN $1 AND $2
