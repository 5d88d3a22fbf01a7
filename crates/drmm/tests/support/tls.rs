//! Certificates for tests, and a process whose only trusted root is one of them.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Who signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: Certificate,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([]).expect("names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let root = params.self_signed(&key).expect("a certificate");
        Self {
            issuer: Issuer::new(params, key),
            root,
        }
    }

    /// A server with a certificate for this name, valid in these years.
    pub(crate) fn server(&self, name: &str, years: std::ops::Range<i32>) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([name.to_owned()]).expect("names");
        params.not_before = date_time_ymd(years.start, 1, 1);
        params.not_after = date_time_ymd(years.end, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        config(&certificate, &key)
    }
}

/// A server that vouches for itself.
pub(crate) fn self_signed() -> Arc<ServerConfig> {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("signed");
    config(&signed.cert, &signed.signing_key)
}

fn config(certificate: &Certificate, key: &KeyPair) -> Arc<ServerConfig> {
    let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate with its key");
    Arc::new(config)
}

/// Runs `test` in a process of its own that trusts this authority and no other. Elsewhere than on
/// Linux the roots are in the system's own store, which a test does not touch.
#[cfg(target_os = "linux")]
pub(crate) fn trusting(name: &str, test: impl FnOnce(&Authority)) {
    use super::alone::{alone, is_alone};

    if is_alone(name) {
        let authority = Authority::new("Trusted");
        let file = std::env::var_os("SSL_CERT_FILE").expect("a file");
        std::fs::write(&file, authority.root.pem()).expect("a file");
        test(&authority);
        return;
    }
    let file = format!("{}-{name}.pem", std::process::id());
    let file = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(file);
    let path = file.to_str().expect("a path in UTF-8");
    alone(name, &[("SSL_CERT_FILE", path), ("SSL_CERT_DIR", "")]);
    std::fs::remove_file(&file).expect("the file");
}
