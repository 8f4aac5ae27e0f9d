//! As much of PostgreSQL's wire protocol as it takes to see a COMMIT, and what became of it.

use std::collections::HashSet;

use memchr::memmem;

/// What became of a transaction whose COMMIT met a fault of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server never heard of the COMMIT.
    Unsent,
    /// The server has committed; the client does not know.
    Committed,
    /// The server refused and rolled back; the client does not know.
    RolledBack,
}

/// What a client sends over one connection.
#[derive(Default)]
pub(crate) struct Client {
    stage: Stage,
    pending: Vec<u8>,
    // What is left of a message that is of no interest.
    skip: usize,
    // Names of prepared statements and of portals that commit.
    statements: HashSet<Vec<u8>>,
    portals: HashSet<Vec<u8>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Startup,
    Messages,
    Encrypted,
}

// The first message's code when it asks for encryption (SSLRequest, GSSENCRequest), which the answer may refuse.
const ENCRYPTION_REQUESTS: [u32; 2] = [80_877_103, 80_877_104];
const TLS_HANDSHAKE: u8 = 0x16;

impl Client {
    /// Whether the connection is encrypted, so that nothing can be seen.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.stage == Stage::Encrypted
    }

    /// Takes what the client sends next; how many COMMITs are complete with it.
    pub(crate) fn take(&mut self, data: &[u8]) -> u32 {
        let skipped = self.skip.min(data.len());
        self.skip -= skipped;
        self.pending.extend_from_slice(&data[skipped..]);
        let mut commits = 0;
        while let Some(seen) = self.next_message() {
            commits += u32::from(seen);
        }
        if self.is_encrypted() {
            self.pending.clear();
        }
        commits
    }

    /// Takes a message off what is pending, when it is whole; whether it commits.
    fn next_message(&mut self) -> Option<bool> {
        match self.stage {
            Stage::Startup => return self.startup().map(|()| false),
            Stage::Messages => {}
            Stage::Encrypted => return None,
        }
        let kind = *self.pending.first()?;
        let length = 1 + number(self.pending.get(1..5)?);
        if !matches!(kind, b'Q' | b'P' | b'B' | b'E') {
            let there = length.min(self.pending.len());
            self.pending.drain(..there);
            self.skip = length - there;
            return (self.skip == 0).then_some(false);
        }
        let body = self.pending.get(5..length)?.to_vec();
        self.pending.drain(..length);
        Some(self.commits(kind, &body))
    }

    fn startup(&mut self) -> Option<()> {
        if self.pending.first() == Some(&TLS_HANDSHAKE) {
            self.stage = Stage::Encrypted;
            return None;
        }
        let (length, code) = (number(self.pending.get(..4)?), number(self.pending.get(4..8)?));
        self.pending.get(..length)?;
        self.pending.drain(..length);
        if !ENCRYPTION_REQUESTS.iter().any(|request| *request as usize == code) {
            self.stage = Stage::Messages;
        }
        Some(())
    }

    /// Whether a message commits: a query, or the execution of a statement that was prepared before.
    fn commits(&mut self, kind: u8, body: &[u8]) -> bool {
        let mut texts = body.split(|byte| *byte == 0);
        let mut next = || texts.next().unwrap_or_default();
        match kind {
            b'Q' => is_commit(next()),
            b'P' => {
                let (name, query) = (next(), next());
                keep(&mut self.statements, name, is_commit(query));
                false
            }
            b'B' => {
                let (portal, statement) = (next(), next());
                let commits = self.statements.contains(statement);
                keep(&mut self.portals, portal, commits);
                false
            }
            _ => self.portals.contains(next()),
        }
    }
}

fn keep(names: &mut HashSet<Vec<u8>>, name: &[u8], commits: bool) {
    if commits {
        names.insert(name.to_vec());
    } else {
        names.remove(name);
    }
}

/// Whether SQL commits: COMMIT as one of its statements, or END as the only one. (END also ends blocks of
/// functions, which have semicolons in them.)
fn is_commit(sql: &[u8]) -> bool {
    let sql = String::from_utf8_lossy(sql).to_ascii_uppercase();
    let first_words = || sql.split(';').filter_map(|statement| statement.split_whitespace().next());
    first_words().any(|word| word == "COMMIT") || first_words().eq(["END"])
}

/// What the server says to a COMMIT, when it has said it: the tag of its CommandComplete, or an ErrorResponse.
pub(crate) fn answer_to_commit(said: &[u8]) -> Option<Outcome> {
    if memmem::find(said, b"C\0\0\0\x0bCOMMIT\0").is_some() {
        return Some(Outcome::Committed);
    }
    let refused: [&[u8]; 3] = [b"C\0\0\0\x0dROLLBACK\0", b"SERROR\0", b"SFATAL\0"];
    refused.iter().any(|answer| memmem::find(said, answer).is_some()).then_some(Outcome::RolledBack)
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: &str, body: &str) -> Vec<u8> {
        let length = u32::try_from(4 + body.len()).unwrap().to_be_bytes();
        [kind.as_bytes(), &length, body.as_bytes()].concat()
    }

    fn started() -> Client {
        let mut client = Client::default();
        // SSLRequest, which the server refuses, then the startup message of protocol 3.0.
        assert_eq!(client.take(&[0, 0, 0, 8, 4, 210, 22, 47]), 0);
        assert_eq!(client.take(&message("", "\0\x03\0\0user\0ann\0\0")), 0);
        client
    }

    #[test]
    fn a_commit_is_seen_however_it_is_cut_into_pieces() {
        let said = [
            message("Q", "BEGIN\0"),
            message("d", "a line of COPY; COMMIT\0"),
            message("Q", "\n commit ;\0"),
            message("Q", "INSERT INTO a VALUES (1); COMMIT TRANSACTION\0"),
            message("Q", "end\0"),
            message("Q", "DO $$ BEGIN NULL; END $$\0"),
            message("Q", "SELECT 'COMMIT'\0"),
        ]
        .concat();
        for size in [1, 2, 3, 7, 50, said.len()] {
            let mut client = started();
            assert_eq!(said.chunks(size).map(|piece| client.take(piece)).sum::<u32>(), 3, "pieces of {size}");
        }
    }

    #[test]
    fn a_prepared_commit_counts_when_it_is_executed() {
        let mut client = started();
        assert_eq!(client.take(&message("P", "s1\0COMMIT\0\0\0")), 0);
        assert_eq!(client.take(&message("B", "\0s1\0\0\0\0\0\0\0")), 0);
        assert_eq!(client.take(&message("E", "\0\0\0\0\0")), 1);
        client.take(&message("P", "s2\0SELECT 1\0\0\0"));
        client.take(&message("B", "\0s2\0\0\0\0\0\0\0"));
        assert_eq!(client.take(&message("E", "\0\0\0\0\0")), 0);
    }

    #[test]
    fn an_encrypted_connection_is_told_apart() {
        let mut client = Client::default();
        client.take(&[0, 0, 0, 8, 4, 210, 22, 47]);
        assert!(!client.is_encrypted());
        client.take(&[TLS_HANDSHAKE, 3, 1, 2, 0]);
        assert!(client.is_encrypted());
    }

    #[test]
    fn the_answer_tells_what_became_of_it() {
        assert_eq!(answer_to_commit(b"C\0\0\0\x0bCOMM"), None);
        assert_eq!(answer_to_commit(b"C\0\0\0\x0bCOMMIT\0Z\0\0\0\x05I"), Some(Outcome::Committed));
        assert_eq!(answer_to_commit(b"C\0\0\0\x0dROLLBACK\0"), Some(Outcome::RolledBack));
        assert_eq!(answer_to_commit(b"E\0\0\0\x20SERROR\0C23503\0\0"), Some(Outcome::RolledBack));
    }
}
