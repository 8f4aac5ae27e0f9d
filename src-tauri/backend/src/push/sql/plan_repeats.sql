-- A row that repeats a key is compared with the first row that has it, which goes its own way.
INSERT OR REPLACE INTO staged.staged_fate (row_id, fate, membership_id, same_key_row_id)
SELECT
    candidate.id,
    CASE
        WHEN
            candidate.prefix IS NOT DISTINCT FROM first_row.prefix
            AND candidate.given_name IS NOT DISTINCT FROM first_row.given_name
            AND candidate.middle_name IS NOT DISTINCT FROM first_row.middle_name
            AND candidate.family_name IS NOT DISTINCT FROM first_row.family_name
            AND candidate.suffix IS NOT DISTINCT FROM first_row.suffix
            AND candidate.preferred_name IS NOT DISTINCT FROM first_row.preferred_name
            AND candidate.birth_date IS NOT DISTINCT FROM first_row.birth_date
            AND candidate.company IS NOT DISTINCT FROM first_row.company
            AND candidate.company_source_id IS NOT DISTINCT FROM first_row.company_source_id
            AND candidate.state IS NOT DISTINCT FROM first_row.state
            AND candidate.email IS NOT DISTINCT FROM first_row.email
            AND candidate.phone IS NOT DISTINCT FROM first_row.phone
            AND candidate.member_since IS NOT DISTINCT FROM first_row.member_since
            AND candidate.last_active IS NOT DISTINCT FROM first_row.last_active
            AND candidate.score IS NOT DISTINCT FROM first_row.score
            THEN 1
        ELSE 2
    END AS fate,
    NULL AS membership_id,
    first_row.id AS same_key_row_id
FROM repeated
INNER JOIN candidate ON repeated.row_id = candidate.id
INNER JOIN candidate AS first_row ON repeated.first_id = first_row.id
