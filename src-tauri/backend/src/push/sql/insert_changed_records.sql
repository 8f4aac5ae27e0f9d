-- Where the changed memberships come from; $1 is the year of the ledger's entry, $2 the entry.
INSERT INTO source_record (year, source_file_id, line, club_id, membership_id, push_id, fingerprint)
SELECT
    $1 AS year,
    planned_file.source_file_id,
    planned.line,
    planned_file.club_id,
    planned.membership_id,
    $2 AS push_id,
    planned.fingerprint
FROM planned
INNER JOIN planned_file ON planned.file_id = planned_file.file_id
WHERE planned.fate = 4
