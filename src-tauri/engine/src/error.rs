//! What stops the engine. Bad data is never an error: it is an [`crate::issue`].

/// Why a file or a recipe could not be worked on. Messages never quote a cell.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The bytes could not be fetched
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// A workbook that the reader does not understand
    #[error(
        "this {format} workbook cannot be read: {reason}. Open it in a spreadsheet program, save it again and retry"
    )]
    Workbook {
        /// `XLSX`, `XLS`, `ODS`
        format: &'static str,
        /// The reader's word, without a cell's value
        reason: String,
    },
    /// An encrypted workbook
    #[error("this workbook is protected by a password. Save a copy without the password and choose that")]
    PasswordProtected,
    /// A sheet that is not in the workbook
    #[error("the workbook has no sheet of that name. Choose one of its sheets")]
    NoSuchSheet,
    /// The bytes are no text and no workbook
    #[error("this file is not a list Muster can read: {0}")]
    NotAList(&'static str),
    /// A limit that keeps a hostile or broken file from filling the memory
    #[error("the file exceeds a limit: {0}")]
    Limit(&'static str),
    /// An encoding label that is not in the WHATWG Encoding Standard
    #[error("the encoding is not known. Choose one from the list")]
    UnknownEncoding,
    /// A number of the score settings that no score can be computed with
    #[error("these score settings cannot be used: {0}. Correct the number")]
    ScoreSettings(&'static str),
    /// The caller asked the work to stop
    #[error("cancelled")]
    Cancelled,
}
