UPDATE membership
SET
    member_since = planned.member_since,
    last_active = planned.last_active,
    score = planned.score
FROM planned
WHERE planned.fate = 4 AND membership.id = planned.membership_id
