-- A page of the rows with the fate ?1: ours, and theirs, which is the target or the first row of the import
-- that has the same key.
SELECT
    staged_row.id,
    staged_row.line,
    staged_file.name AS file,
    staged_file.id AS file_id,
    first_row.line AS first_line,
    first_file.id AS first_file_id,
    first_file.name AS first_file,
    staged_row.prefix AS ours_prefix,
    staged_row.given_name AS ours_given_name,
    staged_row.middle_name AS ours_middle_name,
    staged_row.family_name AS ours_family_name,
    staged_row.suffix AS ours_suffix,
    staged_row.preferred_name AS ours_preferred_name,
    staged_row.birth_date AS ours_birth_date,
    staged_row.state AS ours_state,
    staged_row.email AS ours_email,
    staged_row.phone AS ours_phone,
    staged_row.member_since AS ours_member_since,
    staged_row.last_active AS ours_last_active,
    cast(staged_row.score AS REAL) AS ours_score,
    coalesce(staged_row.company, staged_row.company_id) AS ours_company,
    coalesce(member.prefix, first_row.prefix) AS theirs_prefix,
    coalesce(member.given_name, first_row.given_name) AS theirs_given_name,
    coalesce(member.middle_name, first_row.middle_name) AS theirs_middle_name,
    coalesce(member.family_name, first_row.family_name) AS theirs_family_name,
    coalesce(member.suffix, first_row.suffix) AS theirs_suffix,
    coalesce(member.preferred_name, first_row.preferred_name) AS theirs_preferred_name,
    coalesce(member.birth_date, first_row.birth_date) AS theirs_birth_date,
    coalesce(
        company.name, member.company_source_id, first_row.company, first_row.company_id
    ) AS theirs_company,
    coalesce(member.state, first_row.state) AS theirs_state,
    coalesce(member.email, first_row.email) AS theirs_email,
    coalesce(member.phone, first_row.phone) AS theirs_phone,
    coalesce(membership.member_since, first_row.member_since) AS theirs_member_since,
    coalesce(membership.last_active, first_row.last_active) AS theirs_last_active,
    coalesce(membership.score, cast(first_row.score AS REAL)) AS theirs_score,
    membership.id IS NOT NULL AS is_present,
    (
        SELECT group_concat(broken.code, ',')
        FROM (
            SELECT DISTINCT staged_issue.rule AS code
            FROM staged.staged_issue
            WHERE staged_issue.row_id = staged_row.id AND staged_issue.level = 0
            ORDER BY staged_issue.rule
        ) AS broken
    ) AS broken_rules
FROM staged.staged_fate
INNER JOIN staged.staged_row ON staged_fate.row_id = staged_row.id
INNER JOIN staged.staged_file ON staged_row.file_id = staged_file.id
LEFT JOIN main.membership ON staged_fate.membership_id = membership.id
LEFT JOIN main.member ON membership.member_id = member.id
LEFT JOIN main.company ON member.company_id = company.id
LEFT JOIN staged.staged_row AS first_row ON staged_fate.same_key_row_id = first_row.id
LEFT JOIN staged.staged_file AS first_file ON first_row.file_id = first_file.id
WHERE staged_fate.fate = ?1
ORDER BY staged_fate.row_id
LIMIT ?2 OFFSET ?3
