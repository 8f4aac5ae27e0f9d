-- The members that change, or get a new membership, become what the plan made of them; $1 is the entry of the
-- ledger.
UPDATE member
SET
    prefix = planned.prefix,
    given_name = planned.given_name,
    middle_name = planned.middle_name,
    family_name = planned.family_name,
    suffix = planned.suffix,
    preferred_name = planned.preferred_name,
    birth_date = planned.birth_date,
    state = planned.state,
    company_id = company.id,
    company_source_id = planned.company_source_id,
    email = planned.email,
    phone = planned.phone,
    version = $1
FROM planned
LEFT JOIN company ON planned.company = company.name
WHERE planned.writes_member = 1 AND member.id = planned.member_id
