-- What the clubs and files of the import are in the target; those that are not there yet stay NULL.
UPDATE planned_file
SET
    club_id = (SELECT club.id FROM club WHERE club.name = planned_file.source),
    source_file_id = (
        SELECT source_file.id
        FROM source_file
        INNER JOIN club ON source_file.club_id = club.id
        WHERE
            club.name = planned_file.source
            AND source_file.sha256 = planned_file.sha256
            AND source_file.name = planned_file.file_name
    )
