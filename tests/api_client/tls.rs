//! The client behind TLS and behind a proxy: which certificate problem it was
//! is said, and there is no way around it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use crate::loopback::{Answer, Loopback, http};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use secrecy::SecretString;
use tim_history::api::{Access, Client, Credential, Endpoint};
use tim_history::model::error::{ApiError, Fault, Remedy};
use tim_history::model::ids::{Conversation, GroupId, SdkAppId};
use tim_history::model::message::{Ask, AskNo, PageSize};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/api/tls")
        .join(name)
}

/// A service on TLS with the certificate of that name; gives its URL.
fn serve(certificate: &str) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = vec![CertificateDer::from_pem_file(fixture(certificate)).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_file(fixture("leaf_key.pem")).expect("a key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate and its key");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for tcp in listener.incoming().flatten() {
            let tls = ServerConnection::new(Arc::clone(&config)).expect("a TLS server");
            let mut stream = StreamOwned::new(tls, tcp);
            // Requests of this test come in one piece; a refused handshake is no request.
            if stream.read(&mut [0; 4096]).is_ok() {
                let body = r#"{"ErrorCode":0,"GroupId":"g","IsFinished":1,"RspMsgList":[]}"#;
                // The client may have gone already.
                let _ = stream.write_all(&http("200 OK", body));
                let _ = stream.flush();
            }
        }
    });
    format!("https://127.0.0.1:{port}")
}

fn access(url: &str, ca_file: &str) -> Access {
    Access {
        sdk_app_id: SdkAppId(1),
        identifier: "administrator".to_owned(),
        endpoint: Endpoint::custom(url).expect("an endpoint"),
        credential: Credential::Key(SecretString::from("a key")),
        ca_file: Some(fixture(ca_file)),
        proxy: None,
        calls_per_second: 20,
    }
}

async fn call(access: Access) -> Result<usize, ApiError> {
    let ask = Ask {
        seq: None,
        count: PageSize::FULL,
        generation: 0,
        no: AskNo(1),
    };
    let conversation = Conversation::group(GroupId::new("g"));
    let page = Client::new(access).history(&conversation, &ask).await?;
    Ok(page.items.len())
}

#[tokio::test]
async fn ca_file_adds_an_authority() {
    assert_eq!(call(access(&serve("good.pem"), "ca.pem")).await, Ok(0));
}

#[tokio::test]
async fn a_certificate_problem_is_named_and_not_retried() {
    let rows = [
        (
            "good.pem",
            "other_host.pem",
            "an authority this machine does not know",
        ),
        ("other_host.pem", "ca.pem", "for another host"),
        ("expired.pem", "ca.pem", "has expired"),
        ("not_yet.pem", "ca.pem", "not valid yet"),
    ];
    for (shown, trusted, words) in rows {
        let error = call(access(&serve(shown), trusted)).await;
        let error = error.expect_err("not trusted");
        assert!(matches!(error.fault, Fault::Certificate { .. }), "{error}");
        assert!(error.to_string().contains(words), "{shown}: {error}");
        assert_eq!(error.remedy(), Remedy::Permanent);
    }
}

#[tokio::test]
async fn a_ca_file_that_is_none_is_named() {
    let url = serve("good.pem");
    for (file, words) in [
        ("missing.pem", "cannot be read"),
        ("README.md", "no certificate"),
    ] {
        let error = call(access(&url, file)).await.expect_err("no authority");
        let text = error.to_string();
        assert!(text.contains("`ca_file`") && text.contains(words), "{text}");
    }
}

/// Says to the test below that the machine it runs on has no authorities.
const BARE: &str = "TIM_HISTORY_TEST_WITHOUT_AUTHORITIES";

#[tokio::test]
async fn a_machine_without_authorities_is_told_so() {
    if std::env::var_os(BARE).is_none() {
        // The environment belongs to the whole process, so this takes one of its own.
        let me = std::env::current_exe().expect("this test's own program");
        let output = std::process::Command::new(me)
            .args(["--exact", "tls::a_machine_without_authorities_is_told_so"])
            .env(BARE, "1")
            .env("SSL_CERT_FILE", "/nowhere/ca.pem")
            .env("SSL_CERT_DIR", "/nowhere")
            .output()
            .expect("the test runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let passed = output.status.success() && text.contains("1 passed");
        assert!(passed, "{text}");
        return;
    }
    let access = Access {
        ca_file: None,
        ..access("https://127.0.0.1:1", "ca.pem")
    };
    let error = call(access).await.expect_err("no authority");
    assert!(matches!(error.fault, Fault::Certificate { .. }), "{error}");
    assert!(error.to_string().contains("set ca_file"), "{error}");
    // One's own authority is enough.
    assert_eq!(
        call(self::access(&serve("good.pem"), "ca.pem")).await,
        Ok(0)
    );
}

#[tokio::test]
async fn there_is_no_falling_back_to_plain_http() {
    let plain = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = plain.local_addr().expect("an address").port();
    let heard = thread::spawn(move || {
        let (mut stream, _) = plain.accept().expect("a connection");
        let mut first = [0; 16];
        let length = stream.read(&mut first).expect("some bytes");
        stream
            .write_all(&http("400 Bad Request", ""))
            .expect("somebody listens");
        first.into_iter().take(length).collect::<Vec<u8>>()
    });
    let url = format!("https://127.0.0.1:{port}");
    let error = call(access(&url, "ca.pem"))
        .await
        .expect_err("no TLS there");
    assert!(matches!(error.fault, Fault::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("no TLS connection"), "{error}");
    let heard = heard.join().expect("the server ends");
    // 22 is a TLS handshake.
    assert_eq!(heard.first(), Some(&22));
}

#[tokio::test]
async fn a_proxy_gets_the_host_and_nothing_else() {
    let refusals = [
        ("407 Proxy Authentication Required", "HTTP 407"),
        ("503 Service Unavailable", "the proxy would not connect"),
    ];
    for (status, words) in refusals {
        let proxy = Loopback::start(move |_, _| Answer::SendAndClose(http(status, "")));
        let secret = proxy.url().replace("http://", "http://me:hunter2@");
        let access = Access {
            proxy: Some(SecretString::from(secret)),
            ..access("https://service.invalid", "ca.pem")
        };
        let error = call(access).await.expect_err("refused by the proxy");
        let text = format!("{error} {error:?}");
        assert!(text.contains(words) && !text.contains("hunter2"), "{text}");
        let seen = proxy.only();
        assert_eq!(seen.line, "CONNECT service.invalid:443 HTTP/1.1");
        assert_eq!(
            seen.header("proxy-authorization"),
            Some("Basic bWU6aHVudGVyMg==")
        );
    }
}
