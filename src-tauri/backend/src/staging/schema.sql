-- What an import's rows became: derived from the raw files and the recipe, thrown away and rebuilt at will.

CREATE TABLE IF NOT EXISTS staged_file (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- JSON array of the column headers
    header TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS staged_row (
    -- from 1, over all files of the import in their order
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL,
    -- line of the text file or row of the sheet; the header counts
    line INTEGER NOT NULL,
    -- 0 clean, 1 suspect, 2 rejected, 3 excluded
    class INTEGER NOT NULL,
    -- the club's member number, or a hash of club, name parts and birth date
    membership_key TEXT NOT NULL,
    raw_hash INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    occurrence INTEGER NOT NULL DEFAULT 0,
    prefix TEXT,
    given_name TEXT,
    middle_name TEXT,
    family_name TEXT,
    suffix TEXT,
    preferred_name TEXT,
    birth_date TEXT,
    company TEXT,
    state TEXT,
    email TEXT,
    phone TEXT,
    member_since TEXT,
    last_active TEXT,
    score TEXT,
    source_key TEXT,
    -- the company's id in the source, where the file gave one
    company_id TEXT,
    -- JSON object of the texts that could not be understood, by field; their columns are null
    unread TEXT,
    -- one character a field: . as read, c changed by a rule, e edited, w warning, x error
    marks TEXT NOT NULL,
    -- JSON array of the raw cells
    raw TEXT NOT NULL
);

-- counts by class without reading the rows
CREATE INDEX IF NOT EXISTS staged_row_class ON staged_row (class);

-- few rows have unread cells: facets and search look at them apart
CREATE INDEX IF NOT EXISTS staged_row_unread ON staged_row (id) WHERE unread IS NOT NULL;

CREATE TABLE IF NOT EXISTS staged_issue (
    rule INTEGER NOT NULL,
    row_id INTEGER NOT NULL,
    -- index of the field, -1 for the whole row
    field INTEGER NOT NULL,
    -- 0 error, 1 warning, 2 info
    level INTEGER NOT NULL,
    PRIMARY KEY (row_id, rule, field)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS staged_issue_rule ON staged_issue (rule, row_id, level, field);

-- which operation changed which row: dropping an operation rebuilds just these
CREATE TABLE IF NOT EXISTS staged_touch (
    operation_id INTEGER NOT NULL,
    row_id INTEGER NOT NULL,
    PRIMARY KEY (row_id, operation_id)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS staged_touch_operation ON staged_touch (operation_id);

-- rows as they stand in the file, for those that a reader or a rule refused
CREATE TABLE IF NOT EXISTS staged_raw_line (
    row_id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);

-- the plan: every row's fate in the target
CREATE TABLE IF NOT EXISTS staged_fate (
    row_id INTEGER PRIMARY KEY,
    -- 0 insert, 1 skip identical, 2 skip different, 3 reject, 4 update, 5 conflict
    fate INTEGER NOT NULL,
    -- the membership in the target that has the key, its member, and the ledger's entry that last wrote them
    membership_id INTEGER,
    member_id INTEGER,
    version INTEGER,
    -- the row of this import that has the key already
    same_key_row_id INTEGER,
    -- of a new membership: the row whose person it is of; the member is new with that row, unless member_id names one
    lead_row_id INTEGER,
    -- 1 on the one row with whose details a member who is there is written
    writes_member INTEGER NOT NULL DEFAULT 0,
    -- the details there, where they differ, and what an update makes of them: JSON objects
    theirs TEXT,
    final TEXT
);

-- memberships of the target that the lists do not have any more
CREATE TABLE IF NOT EXISTS staged_removal (
    membership_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    -- the details there: a JSON object
    theirs TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS staged_state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- rows that are one person with other rows or with a member of the target, as matching and people decided; a row that
-- is not here is a person of its own
CREATE TABLE IF NOT EXISTS staged_person (
    row_id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL,
    -- the member of the target whom the person is
    member_id INTEGER
);

CREATE INDEX IF NOT EXISTS staged_person_person ON staged_person (person);

-- what these persons' rows make of the member; what belongs to a membership stays with the row
CREATE TABLE IF NOT EXISTS staged_member (
    person INTEGER PRIMARY KEY,
    prefix TEXT,
    given_name TEXT,
    middle_name TEXT,
    family_name TEXT,
    suffix TEXT,
    preferred_name TEXT,
    birth_date TEXT,
    company TEXT,
    state TEXT,
    email TEXT,
    phone TEXT,
    -- the company's id in the source, where nobody has resolved it
    company_source_id TEXT,
    -- JSON object: where each field comes from
    provenance TEXT NOT NULL
);
