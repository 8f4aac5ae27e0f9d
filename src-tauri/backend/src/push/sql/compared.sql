-- What the plan compared with, as one number: the versions of the members that it met.
SELECT
    count(*) AS compared,
    coalesce(sum(present.version), 0) AS versions
FROM staged.staged_fate
INNER JOIN present ON staged_fate.membership_id = present.membership_id
WHERE staged_fate.fate IN (1, 2) AND staged_fate.membership_id IS NOT NULL
