-- The new members of the rows $1 to $2, each by the first row of the person; a member's id is $3 plus the
-- number of that row, $4 the entry.
INSERT INTO member (
    id, prefix, given_name, middle_name, family_name, suffix, preferred_name, birth_date,
    state, company_id, company_source_id, email, phone, version
)
SELECT
    $3 + planned.row_id AS id,
    planned.prefix,
    planned.given_name,
    planned.middle_name,
    planned.family_name,
    planned.suffix,
    planned.preferred_name,
    planned.birth_date,
    planned.state,
    company.id AS company_id,
    planned.company_source_id,
    planned.email,
    planned.phone,
    $4 AS version
FROM planned
LEFT JOIN company ON planned.company = company.name
WHERE
    planned.fate = 0
    AND planned.member_id IS NULL
    AND planned.lead_row_id = planned.row_id
    AND planned.row_id BETWEEN $1 AND $2
