-- Their memberships; ?3 and ?4 plus the number of the row are the ids of the member and the membership.
INSERT INTO main.membership (id, member_id, club_id, source_key, member_since, last_active, score)
SELECT
    ?4 + candidate.id AS id,
    ?3 + candidate.id AS member_id,
    plan_file.club_id,
    candidate.membership_key,
    candidate.member_since,
    candidate.last_active,
    candidate.score
FROM staged.staged_fate
INNER JOIN candidate ON staged_fate.row_id = candidate.id
INNER JOIN plan_file ON candidate.file_id = plan_file.file_id
WHERE staged_fate.fate = 0 AND staged_fate.row_id BETWEEN ?1 AND ?2
