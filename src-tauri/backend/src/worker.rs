//! Reads workbooks in a process of its own, with a cap on memory and time.
//!
//! A workbook is a compressed archive that a stranger made: a small one can ask for all the memory of the machine.
//! So Muster starts itself as a worker that reads one sheet cell by cell and writes frames to its standard output;
//! if it dies, the import says so and nothing else is lost. The caps on memory and processor time hold on Unix;
//! the cap on elapsed time holds everywhere.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use muster_engine::read::RowSource;
use muster_engine::read::workbook::{self, SheetHeader, SheetInfo, WorkbookPart};
use muster_engine::{EngineError, RawBatch};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};

/// First argument of a worker.
const ARGUMENT: &str = "--read-workbook";
/// Address space of a worker: enough for the largest sheet that Excel allows, read cell by cell.
const MEMORY: u64 = 2 << 30;
/// Processor and elapsed time of a worker.
const TIME: Duration = Duration::from_secs(180);
/// Bytes of a frame; a batch of rows is far smaller.
const LARGEST_FRAME: u32 = 256 << 20;

/// What a worker writes, each as a length and its bytes.
#[derive(Debug, Serialize, Deserialize)]
enum Frame {
    Sheets(Vec<SheetInfo>),
    Header(SheetHeader),
    Rows(RawBatch),
    End,
    Failed(Failure),
}

/// An engine error that crosses the process boundary.
#[derive(Debug, Serialize, Deserialize)]
enum Failure {
    PasswordProtected,
    NoSuchSheet,
    Other(String),
}

/// What a worker is asked.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    path: PathBuf,
    sheet: Option<String>,
    header_row: Option<u32>,
    /// Only the names of the sheets
    sheets_only: bool,
}

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Names the program that is started as a worker, where it is not the running one (in tests).
pub fn use_program(path: PathBuf) {
    let _ = PROGRAM.set(path);
}

/// Works as a worker if the arguments say so. A program that may start workers calls this before all else.
pub fn run_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != ARGUMENT {
        return None;
    }
    let request: Request = serde_json::from_str(arguments.next()?.to_str()?).ok()?;
    Some(match work(&request) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

fn work(request: &Request) -> std::io::Result<()> {
    limit_self();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let result = read(request, &mut out);
    let last = match result {
        Ok(()) => Frame::End,
        Err(EngineError::PasswordProtected) => Frame::Failed(Failure::PasswordProtected),
        Err(EngineError::NoSuchSheet) => Frame::Failed(Failure::NoSuchSheet),
        Err(error) => Frame::Failed(Failure::Other(error.to_string())),
    };
    write_frame(&mut out, &last)?;
    out.flush()
}

fn read(request: &Request, out: &mut impl Write) -> Result<(), EngineError> {
    let open = || File::open(&request.path).map(BufReader::new);
    if request.sheets_only {
        let sheets = workbook::sheets(open()?)?;
        return Ok(write_frame(out, &Frame::Sheets(sheets))?);
    }
    workbook::read_sheet(open()?, request.sheet.as_deref(), request.header_row, &mut |part| {
        let frame = match part {
            WorkbookPart::Header(header) => Frame::Header(header),
            WorkbookPart::Rows(batch) => Frame::Rows(batch),
        };
        write_frame(out, &frame)?;
        Ok(())
    })
}

#[cfg(unix)]
fn limit_self() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    for (resource, limit) in [(Resource::As, MEMORY), (Resource::Cpu, TIME.as_secs())] {
        // A system that does not allow the limit still has the others.
        let _ = setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) });
    }
}

#[cfg(not(unix))]
fn limit_self() {}

fn write_frame(out: &mut impl Write, frame: &Frame) -> std::io::Result<()> {
    let bytes = postcard::to_allocvec(frame).map_err(std::io::Error::other)?;
    let length = u32::try_from(bytes.len()).map_err(std::io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&bytes)
}

/// A worker at work.
#[derive(Debug)]
struct Worker {
    child: std::sync::Arc<std::sync::Mutex<Child>>,
    out: BufReader<ChildStdout>,
    /// Dropped at the end: tells the watchdog that the worker is done
    _alive: Sender<()>,
}

impl Worker {
    fn start(request: &Request) -> Result<Worker> {
        let failed = |error: std::io::Error| Error::disk("start the reader of workbooks", &error);
        let program = match PROGRAM.get() {
            Some(program) => program.clone(),
            None => std::env::current_exe().map_err(failed)?,
        };
        let request = serde_json::to_string(request)
            .map_err(|_| Error::new(Code::InvalidInput, "The name of the file cannot be passed on"))?;
        let mut child = Command::new(program)
            .arg(ARGUMENT)
            .arg(request)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let out = child
            .stdout
            .take()
            .map(BufReader::new)
            .ok_or_else(|| failed(std::io::ErrorKind::BrokenPipe.into()))?;
        let child = std::sync::Arc::new(std::sync::Mutex::new(child));
        let (alive, done) = channel::<()>();
        let watched = std::sync::Arc::clone(&child);
        std::thread::spawn(move || {
            // Waits for the worker's end or its time: then it is stopped.
            if done.recv_timeout(TIME) == Err(std::sync::mpsc::RecvTimeoutError::Timeout)
                && let Ok(mut child) = watched.lock()
            {
                let _ = child.kill();
            }
        });
        Ok(Worker { child, out, _alive: alive })
    }

    fn next(&mut self) -> Result<Frame, EngineError> {
        let mut length = [0; 4];
        self.out.read_exact(&mut length).map_err(|_| died())?;
        let length = u32::from_le_bytes(length);
        if length > LARGEST_FRAME {
            return Err(died());
        }
        let mut bytes = vec![0; length as usize];
        self.out.read_exact(&mut bytes).map_err(|_| died())?;
        match postcard::from_bytes(&bytes).map_err(|_| died())? {
            Frame::Failed(Failure::PasswordProtected) => Err(EngineError::PasswordProtected),
            Frame::Failed(Failure::NoSuchSheet) => Err(EngineError::NoSuchSheet),
            Frame::Failed(Failure::Other(reason)) => Err(EngineError::Workbook { format: "", reason }),
            frame => Ok(frame),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Ok(mut child) = self.child.lock() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A worker that ends without a word ran into a cap.
fn died() -> EngineError {
    EngineError::Limit(
        "the workbook asks for more memory or time than Muster gives it. Save the sheet as CSV and choose that",
    )
}

/// The sheets of a workbook.
///
/// # Errors
/// When the workbook cannot be read within the caps.
pub fn sheets(path: &Path) -> Result<Vec<SheetInfo>> {
    let request = Request { path: path.to_owned(), sheet: None, header_row: None, sheets_only: true };
    match Worker::start(&request)?.next()? {
        Frame::Sheets(sheets) => Ok(sheets),
        _ => Err(died().into()),
    }
}

/// A sheet's header, and its rows as a worker reads them.
///
/// # Errors
/// When the workbook cannot be read within the caps.
pub fn read_sheet(
    path: &Path,
    sheet: Option<&str>,
    header_row: Option<u32>,
) -> Result<(SheetHeader, SheetRows)> {
    let sheet = sheet.map(str::to_owned);
    let mut worker =
        Worker::start(&Request { path: path.to_owned(), sheet, header_row, sheets_only: false })?;
    match worker.next()? {
        Frame::Header(header) => Ok((header, SheetRows { worker, ended: false })),
        _ => Err(died().into()),
    }
}

/// The rows of a sheet, as a worker reads them.
#[derive(Debug)]
pub struct SheetRows {
    worker: Worker,
    ended: bool,
}

impl RowSource for SheetRows {
    fn next_batch(&mut self) -> Result<Option<RawBatch>, EngineError> {
        if self.ended {
            return Ok(None);
        }
        match self.worker.next()? {
            Frame::Rows(batch) => Ok(Some(batch)),
            Frame::End => {
                self.ended = true;
                Ok(None)
            }
            _ => Err(died()),
        }
    }
}
