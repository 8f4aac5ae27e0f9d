//! A network that fails on demand: a TCP proxy on 127.0.0.1 between a client and a server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::commits::{Client, answer_to_commit};

pub use crate::commits::Outcome;

/// What is wrong with the network from now on, for the connections that are open too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Each piece of data waits this long.
    pub delay: Duration,
    /// No more than so many bytes a second, each way.
    pub bytes_per_second: Option<usize>,
    /// Connections are accepted, and nothing ever comes back; what was sent arrives when it is over.
    pub black_hole: bool,
}

/// Which half of a COMMIT is lost; then both sides see the connection end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitFault {
    /// The server never gets it.
    Unsent,
    /// The server has done it, and its answer does not come back.
    Unanswered,
}

/// A proxy; gone when dropped.
pub struct Proxy {
    port: u16,
    controls: Arc<Controls>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Close,
    Reset,
    Stop,
}

struct Controls {
    server: SocketAddr,
    faults: watch::Sender<Faults>,
    end: watch::Sender<End>,
    counts: Mutex<Counts>,
    commit: Mutex<Option<(u32, CommitFault)>>,
    outcome: Mutex<Option<Outcome>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    accepted: usize,
    open: usize,
    encrypted: usize,
    commits: u32,
}

/// The connection has ended, or is to end.
struct Ended;

impl Proxy {
    /// One before the server at this port of 127.0.0.1, without faults.
    pub fn before(server_port: u16) -> Proxy {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let controls = Arc::new(Controls {
            server: (Ipv4Addr::LOCALHOST, server_port).into(),
            faults: watch::Sender::new(Faults::default()),
            end: watch::Sender::new(End::Close),
            counts: Mutex::default(),
            commit: Mutex::default(),
            outcome: Mutex::default(),
        });
        let of_thread = Arc::clone(&controls);
        // A thread of its own: a test that waits for its client must not stop the network.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(listen(listener, of_thread));
        });
        Proxy { port, controls, thread: Some(thread) }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Sets what is wrong from now on.
    pub fn set(&self, faults: Faults) {
        self.controls.faults.send_replace(faults);
    }

    /// Ends all connections as a program that closes them would, and waits until they are gone.
    pub fn cut(&self) {
        self.end_all(End::Close);
    }

    /// Resets all connections (RST), as a firewall or a machine that started anew would, and waits until they are gone.
    pub fn reset(&self) {
        self.end_all(End::Reset);
    }

    /// From now on, the `nth` COMMIT (from 1, over all connections) meets a fault. Works without TLS only.
    pub fn at_commit(&self, nth: u32, fault: CommitFault) {
        assert!(nth > 0, "the first COMMIT is number 1");
        *self.controls.outcome.lock().unwrap() = None;
        *self.controls.commit.lock().unwrap() = Some((nth, fault));
    }

    /// What became of the transaction whose COMMIT met a fault; nothing when there was none in this time.
    /// Panics when connections are encrypted, because no COMMIT can be seen in them.
    pub fn outcome(&self, patience: Duration) -> Option<Outcome> {
        wait(patience, || self.controls.outcome.lock().unwrap().is_some());
        let outcome = *self.controls.outcome.lock().unwrap();
        assert!(outcome.is_some() || self.counts().encrypted == 0, "COMMIT cannot be seen through TLS");
        outcome
    }

    /// How many COMMITs went by.
    pub fn commits(&self) -> u32 {
        self.counts().commits
    }

    /// How many connections were made.
    pub fn accepted(&self) -> usize {
        self.counts().accepted
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.counts().open
    }

    fn counts(&self) -> Counts {
        *self.controls.counts.lock().unwrap()
    }

    fn end_all(&self, end: End) {
        self.controls.end.send_replace(end);
        assert!(wait(Duration::from_secs(5), || self.open() == 0), "connections do not end");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.controls.end.send_replace(End::Stop);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// A port of 127.0.0.1 at which nobody listens.
pub fn closed_port() -> u16 {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

fn wait(patience: Duration, until: impl Fn() -> bool) -> bool {
    let end = Instant::now() + patience;
    while !until() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    true
}

async fn listen(listener: std::net::TcpListener, controls: Arc<Controls>) {
    let listener = TcpListener::from_std(listener).unwrap();
    let mut stop = controls.end.subscribe();
    loop {
        tokio::select! {
            biased;
            _ = stop.wait_for(|end| *end == End::Stop) => return,
            accepted = listener.accept() => {
                let Ok((client, _)) = accepted else { continue };
                controls.count(|counts| counts.accepted += 1);
                controls.count(|counts| counts.open += 1);
                tokio::spawn(serve(client, Arc::clone(&controls), controls.end.subscribe()));
            }
        }
    }
}

/// One connection, from its start to its end.
async fn serve(mut client: TcpStream, controls: Arc<Controls>, mut end: watch::Receiver<End>) {
    let mut server = None;
    let how = tokio::select! {
        biased;
        _ = end.changed() => *end.borrow(),
        () = carry(&mut client, &mut server, &controls) => End::Close,
    };
    if how == End::Reset {
        for side in server.iter().chain([&client]) {
            let _ = side.set_zero_linger();
        }
    }
    drop((client, server));
    controls.count(|counts| counts.open -= 1);
}

async fn carry(client: &mut TcpStream, server: &mut Option<TcpStream>, controls: &Controls) {
    controls.pass(0).await;
    let Ok(connected) = TcpStream::connect(controls.server).await else { return };
    let server = server.insert(connected);
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let unanswered = watch::Sender::new(false);
    let _ = tokio::try_join!(
        requests(from_client, to_server, controls, &unanswered),
        answers(from_server, to_client, controls, &unanswered)
    );
}

/// From the client to the server, with an eye on COMMIT.
async fn requests(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    controls: &Controls,
    unanswered: &watch::Sender<bool>,
) -> Result<(), Ended> {
    let (mut buffer, mut client) = (vec![0; 64 << 10], Client::default());
    loop {
        let length = from.read(&mut buffer).await.map_err(|_| Ended)?;
        if length == 0 {
            return to.shutdown().await.map_err(|_| Ended);
        }
        let was_encrypted = client.is_encrypted();
        let commits = client.take(&buffer[..length]);
        if client.is_encrypted() && !was_encrypted {
            controls.count(|counts| counts.encrypted += 1);
        }
        match controls.commits(commits) {
            Some(CommitFault::Unsent) => {
                controls.settle(Outcome::Unsent);
                return Err(Ended);
            }
            Some(CommitFault::Unanswered) => drop(unanswered.send_replace(true)),
            None => {}
        }
        controls.send(&mut to, &buffer[..length]).await?;
    }
}

/// From the server to the client, unless the answer to a COMMIT is to be lost.
async fn answers(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    controls: &Controls,
    unanswered: &watch::Sender<bool>,
) -> Result<(), Ended> {
    let (mut buffer, mut swallowed) = (vec![0; 64 << 10], Vec::new());
    loop {
        let length = from.read(&mut buffer).await.map_err(|_| Ended)?;
        if length == 0 {
            return to.shutdown().await.map_err(|_| Ended);
        }
        if !*unanswered.borrow() {
            controls.send(&mut to, &buffer[..length]).await?;
            continue;
        }
        swallowed.extend_from_slice(&buffer[..length]);
        if let Some(outcome) = answer_to_commit(&swallowed) {
            controls.settle(outcome);
            return Err(Ended);
        }
    }
}

impl Controls {
    fn count(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.counts.lock().unwrap());
    }

    fn settle(&self, outcome: Outcome) {
        *self.outcome.lock().unwrap() = Some(outcome);
    }

    /// Counts COMMITs; which fault the last of them meets.
    fn commits(&self, seen: u32) -> Option<CommitFault> {
        self.count(|counts| counts.commits += seen);
        let mut planned = self.commit.lock().unwrap();
        let (left, fault) = planned.as_mut()?;
        if *left > seen {
            *left -= seen;
            return None;
        }
        let fault = *fault;
        *planned = None;
        Some(fault)
    }

    /// Waits as long as `bytes` take on this network.
    async fn pass(&self, bytes: usize) {
        let mut faults = self.faults.subscribe();
        let Ok(faults) = faults.wait_for(|faults| !faults.black_hole).await.map(|faults| *faults) else {
            return;
        };
        tokio::time::sleep(faults.delay).await;
        if let Some(rate) = faults.bytes_per_second {
            tokio::time::sleep(Duration::from_secs(1).mul_f64(bytes as f64 / rate as f64)).await;
        }
    }

    async fn send(&self, to: &mut WriteHalf<'_>, data: &[u8]) -> Result<(), Ended> {
        // In small pieces on a slow network, so that a fault that ends is noticed soon.
        let rate = self.faults.borrow().bytes_per_second;
        for piece in data.chunks(rate.map_or(data.len(), |rate| (rate / 20).max(1))) {
            self.pass(piece.len()).await;
            to.write_all(piece).await.map_err(|_| Ended)?;
        }
        Ok(())
    }
}
