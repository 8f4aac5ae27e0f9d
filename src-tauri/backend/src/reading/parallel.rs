//! Works on a file's batches on all cores and hands the results on in file order.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use muster_engine::EngineError;
use muster_engine::RawBatch;
use muster_engine::read::RowSource;

use crate::error::Result;

/// Batches on their way between threads; with it the memory is bounded whatever the file's size.
const IN_FLIGHT: usize = 4;

/// Reads `source` to its end. `prepare` sees every batch in file order; `work` runs on any thread, with what the thread
/// keeps between batches, and may give the batch back for its memory; `sink` gets what `work` made, in file order
/// again. The first error stops everything.
///
/// # Errors
/// The reader's error, or the sink's.
pub fn in_order<S: Default, T: Send>(
    source: &mut (dyn RowSource + Send),
    mut prepare: impl FnMut(&mut RawBatch) + Send,
    work: impl Fn(&mut S, RawBatch) -> (T, Option<RawBatch>) + Sync,
    mut sink: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let (to_workers, batches) = sync_channel::<(u64, RawBatch)>(IN_FLIGHT);
    let (to_sink, results) = sync_channel::<(u64, T)>(IN_FLIGHT);
    let batches = Mutex::new(batches);
    let spent = Mutex::new(Vec::new());
    let stopped = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (used, stop) = (&spent, &stopped);
        let reader = scope.spawn(move || read_all(source, &mut prepare, used, &to_workers, stop));
        for _ in 0..threads {
            let (batches, work, to_sink) = (&batches, &work, to_sink.clone());
            scope.spawn(move || work_all(batches, work, used, &to_sink));
        }
        drop(to_sink);
        let sunk = sink_all(results, &mut sink);
        if sunk.is_err() {
            // Workers end when their results have nowhere to go; what the reader has sent is dropped here, so that it
            // does not wait for them.
            stopped.store(true, Ordering::Relaxed);
            while receive(&batches).is_some() {}
        }
        let read = reader.join().unwrap_or(Ok(()));
        sunk?;
        Ok(read?)
    })
}

/// Batches that nobody needs any more.
type Spent = Mutex<Vec<RawBatch>>;

fn read_all(
    source: &mut (dyn RowSource + Send),
    prepare: &mut (impl FnMut(&mut RawBatch) + Send),
    spent: &Spent,
    to_workers: &SyncSender<(u64, RawBatch)>,
    stopped: &AtomicBool,
) -> Result<(), EngineError> {
    let mut number = 0;
    while let Some(mut batch) = source.next_batch()? {
        if stopped.load(Ordering::Relaxed) {
            break;
        }
        prepare(&mut batch);
        if to_workers.send((number, batch)).is_err() {
            break;
        }
        number += 1;
        if let Some(batch) = spent.lock().ok().and_then(|mut spent| spent.pop()) {
            source.recycle(batch);
        }
    }
    Ok(())
}

fn work_all<S: Default, T>(
    batches: &Mutex<Receiver<(u64, RawBatch)>>,
    work: &impl Fn(&mut S, RawBatch) -> (T, Option<RawBatch>),
    spent: &Spent,
    to_sink: &SyncSender<(u64, T)>,
) {
    let mut kept = S::default();
    while let Some((number, batch)) = receive(batches) {
        let (result, batch) = work(&mut kept, batch);
        if let (Some(batch), Ok(mut spent)) = (batch, spent.lock()) {
            spent.push(batch);
        }
        if to_sink.send((number, result)).is_err() {
            break;
        }
    }
}

fn receive(batches: &Mutex<Receiver<(u64, RawBatch)>>) -> Option<(u64, RawBatch)> {
    batches.lock().ok()?.recv().ok()
}

fn sink_all<T>(results: Receiver<(u64, T)>, sink: &mut impl FnMut(T) -> Result<()>) -> Result<()> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for (number, result) in results {
        early.insert(number, result);
        while let Some(result) = early.remove(&next) {
            sink(result)?;
            next += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use muster_engine::read::RawBatchBuilder;

    use super::*;
    use crate::Error;

    struct Numbers(u64);

    impl RowSource for Numbers {
        fn next_batch(&mut self) -> Result<Option<RawBatch>, EngineError> {
            if self.0 == 0 {
                return Ok(None);
            }
            self.0 -= 1;
            let mut builder = RawBatchBuilder::default();
            builder.start_row(self.0);
            Ok(Some(builder.take()))
        }
    }

    #[test]
    fn results_come_in_file_order() {
        let mut lines = Vec::new();
        let work = |_: &mut (), batch: RawBatch| {
            let line = batch.rows()[0].line;
            std::thread::sleep(std::time::Duration::from_micros(line % 7 * 50));
            (line, Some(batch))
        };
        in_order(
            &mut Numbers(200),
            |_| {},
            work,
            |line| {
                lines.push(line);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(lines, (0..200).rev().collect::<Vec<_>>());
    }

    #[test]
    fn an_error_of_the_sink_stops_the_reader() {
        let mut source = Numbers(100_000);
        let result = in_order(
            &mut source,
            |_| {},
            |_: &mut (), batch| ((), Some(batch)),
            |()| Err(Error::cancelled()),
        );
        assert!(result.is_err());
        assert!(source.0 > 90_000, "the reader went on to {}", source.0);
    }
}
