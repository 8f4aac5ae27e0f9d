-- The new members of the rows ?1 to ?2; a member's id is ?3 plus the number of its row.
INSERT INTO main.member (
    id, prefix, given_name, middle_name, family_name, suffix, preferred_name, birth_date,
    state, company_id, company_source_id, email, phone, version
)
SELECT
    ?3 + candidate.id AS id,
    candidate.prefix,
    candidate.given_name,
    candidate.middle_name,
    candidate.family_name,
    candidate.suffix,
    candidate.preferred_name,
    candidate.birth_date,
    candidate.state,
    company.id AS company_id,
    candidate.company_source_id,
    candidate.email,
    candidate.phone,
    1 AS version
FROM staged.staged_fate
INNER JOIN candidate ON staged_fate.row_id = candidate.id
LEFT JOIN main.company ON candidate.company = company.name
WHERE staged_fate.fate = 0 AND staged_fate.row_id BETWEEN ?1 AND ?2
