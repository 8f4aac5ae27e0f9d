-- Their memberships, and new ones of members who are there; $4 plus the number of the row is a membership's
-- id, $3 plus the number of the person's first row a new member's.
INSERT INTO membership (id, member_id, club_id, source_key, member_since, last_active, score)
SELECT
    $4 + planned.row_id AS id,
    coalesce(planned.member_id, $3 + planned.lead_row_id) AS member_id,
    planned_file.club_id,
    planned.source_key,
    planned.member_since,
    planned.last_active,
    planned.score
FROM planned
INNER JOIN planned_file ON planned.file_id = planned_file.file_id
WHERE planned.fate = 0 AND planned.row_id BETWEEN $1 AND $2
