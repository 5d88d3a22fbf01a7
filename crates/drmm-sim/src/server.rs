//! A running simulator and its handle.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket},
    runtime::{Builder, Runtime},
    sync::oneshot,
};

use crate::{
    app::App,
    check::Checker,
    config::{Config, Settings},
    connection,
    data::key_and_secret,
    faults::Rule,
    log::{Counters, Received},
    seed::Seed,
};

/// So many clients may wait for the server to take their connection.
const BACKLOG: u32 = 1_024;

/// How long dropping a server waits for its threads, which have nothing to wait for themselves.
const LONGEST_STOP: Duration = Duration::from_secs(5);

/// A simulated account that serves until it is dropped; then its connections are closed.
pub struct Server {
    app: Arc<App>,
    key: String,
    secret: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on 127.0.0.1. It runs in threads of its own, so callers need no runtime.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the configuration contradicts itself, or the API description it names is none; else what the port or a thread said.
    pub fn start(config: Config) -> io::Result<Self> {
        config.check()?;
        let (made_key, made_secret) = key_and_secret(Seed(config.seed), 0);
        let key = config.key.clone().unwrap_or(made_key);
        let secret = config.secret.clone().unwrap_or(made_secret);

        let checker = config.check_answers.as_deref().map(Checker::load);
        let checker = checker.transpose()?;
        let runtime = Builder::new_multi_thread()
            .thread_name("drmm-sim")
            .enable_all()
            .build()?;
        let listener = runtime.block_on(async { listen(config.port) })?;
        let port = listener.local_addr()?.port();
        let app = Arc::new(App::new(config, checker, key.clone(), secret.clone(), port));
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("drmm-sim-accept".to_owned())
            .spawn({
                let app = Arc::clone(&app);
                move || run(runtime, &listener, &app, stopped)
            })?;
        Ok(Self {
            app,
            key,
            secret,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it is: the API is below `/api/v2`, tokens are at `/auth/oauth/token`.
    pub fn url(&self) -> String {
        self.app.url()
    }

    /// The API key that the server began with.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The secret of that key.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Numbers of what was received since the start or the last [`Server::reset`].
    pub fn counters(&self) -> Counters {
        self.app.log.counters()
    }

    /// The last 20,000 requests since the start or the last [`Server::reset`], oldest first.
    pub fn requests(&self) -> Vec<Received> {
        self.app.log.requests()
    }

    /// Forgets counters, requests, and the quota's window and blocks; keeps data, tokens and settings.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// Replaces all fault rules.
    pub fn set_faults(&self, rules: impl IntoIterator<Item = Rule>) {
        self.app.set_faults(rules.into_iter().collect());
    }

    /// Sets the time that is added to every response.
    pub fn set_latency(&self, latency: Duration) {
        // The quota's settings stay as they are, and those were checked.
        let _ = self.app.change(|settings| settings.latency = latency);
    }

    /// Changes any of the settings.
    ///
    /// # Errors
    ///
    /// A sentence, and nothing is changed, if the quota could not work with them.
    pub fn change(&self, change: impl FnOnce(&mut Settings)) -> Result<(), &'static str> {
        self.app.change(change).map(drop)
    }

    /// Adds a key, or replaces the secret of one. Tokens that are out stay valid.
    pub fn set_key(&self, key: &str, secret: &str) {
        self.app.set_key(key.to_owned(), secret.to_owned());
    }

    /// Makes every token that is out worthless.
    pub fn revoke_tokens(&self) {
        self.app.revoke_tokens();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Dropping the sender wakes the thread.
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panic of that thread has been reported already.
            let _ = thread.join();
        }
    }
}

fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    // A port that was asked for is free again at once after the last server that had it. (Windows
    // would let two servers share it.)
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    socket.listen(BACKLOG)
}

fn run(runtime: Runtime, listener: &TcpListener, app: &Arc<App>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async {
        tokio::select! {
            () = accept(listener, app) => {}
            _ = stopped => {}
        }
    });
    runtime.shutdown_timeout(LONGEST_STOP);
}

async fn accept(listener: &TcpListener, app: &Arc<App>) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Without it a small answer may wait for the client's acknowledgement; it is only slower.
                let _ = stream.set_nodelay(true);
                tokio::spawn(connection::serve(Arc::clone(app), stream, peer.ip()));
            }
            // The client was gone, or there are too many open files: the next one may be luckier.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}
