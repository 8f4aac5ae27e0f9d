-- A page of a target's memberships after the id $1, in the columns of master.csv, with the row that first
-- made each.
SELECT
    member.given_name,
    member.middle_name,
    member.family_name,
    member.prefix,
    member.suffix,
    member.preferred_name,
    member.birth_date,
    company.name AS company,
    member.state,
    member.email,
    member.phone,
    membership.member_since,
    membership.last_active,
    membership.score,
    club.name AS source,
    source_file.name AS source_file,
    source_record.line AS source_row,
    membership.id AS membership_id
FROM membership
INNER JOIN member ON membership.member_id = member.id
INNER JOIN club ON membership.club_id = club.id
LEFT JOIN company ON member.company_id = company.id
LEFT JOIN source_record
    ON
        source_record.id = (
            SELECT min(first_record.id)
            FROM source_record AS first_record
            WHERE first_record.membership_id = membership.id
        )
LEFT JOIN source_file ON source_record.source_file_id = source_file.id
WHERE membership.id > $1
ORDER BY membership.id
LIMIT 5000
