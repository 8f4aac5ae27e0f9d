-- The refused ones of the rows ?1 to ?2, with the rules they break and how they stand in the file; ?3 is the
-- push, ?4 the rule of a row without a name where that rule is switched off.
INSERT INTO main.reject (push_id, source_file_id, line, rules, raw_line)
SELECT
    ?3 AS push_id,
    plan_file.source_file_id,
    staged_row.line,
    coalesce((
        SELECT group_concat(broken.rule_name, '+')
        FROM (
            SELECT DISTINCT
                rule.code,
                rule.rule_name
            FROM staged.staged_issue
            INNER JOIN rule ON staged_issue.rule = rule.code
            WHERE staged_issue.row_id = staged_row.id
            ORDER BY rule.code
        ) AS broken
    ), ?4) AS rules,
    coalesce(staged_raw_line.text, (
        SELECT group_concat(cell.value, char(9))
        FROM json_each(staged_row.raw) AS cell
    ), '') AS raw_line
FROM staged.staged_fate
INNER JOIN staged.staged_row ON staged_fate.row_id = staged_row.id
INNER JOIN plan_file ON staged_row.file_id = plan_file.file_id
LEFT JOIN staged.staged_raw_line ON staged_row.id = staged_raw_line.row_id
WHERE staged_fate.fate = 3 AND staged_fate.row_id BETWEEN ?1 AND ?2
