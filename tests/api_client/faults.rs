//! What becomes of everything that is not an answer.

use super::*;

#[tokio::test]
async fn a_gateways_page_is_never_read_as_a_reply() {
    let server = Loopback::start(|_, _| {
        let body = r#"{"ActionStatus":"OK","ErrorCode":0,"RspMsgList":[]}"#;
        Answer::Send(http("502 Bad Gateway", body))
    });
    let fault = fault(&client(&server)).await;
    let Fault::Http { status, excerpt } = fault else {
        panic!("{fault}");
    };
    assert_eq!(status, 502);
    assert!(excerpt.as_str().starts_with(r#"{"ActionStatus""#));
}

#[tokio::test]
async fn a_gateways_page_is_shown_cut_and_without_our_usersig() {
    let server = Loopback::start(|_, seen| {
        let page = format!("<html>\n\n\u{1b}[2J404: {} not found", seen.line);
        Answer::Send(http("404 Not Found", &page))
    });
    let error = given(&server)
        .history(&group("g"), &ask(Some(9), 20))
        .await
        .expect_err("a fault");
    let text = format!("{error} {error:?}");
    assert!(
        text.starts_with("group_msg_get_simple of g from seq 9: HTTP 404: <html>"),
        "{text}"
    );
    assert!(!text.contains("eJyr") && !text.contains('\u{1b}'), "{text}");
    assert_eq!(error.remedy(), Remedy::Permanent);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Loopback::start(|_, _| Answer::Send(page()));
    let target = elsewhere.url();
    let server = Loopback::start(move |_, _| {
        let head =
            format!("HTTP/1.1 302 Found\r\nLocation: {target}/v4/x\r\nContent-Length: 0\r\n\r\n");
        Answer::Send(head.into_bytes())
    });
    let fault = fault(&client(&server)).await;
    let Fault::Http { status, excerpt } = fault else {
        panic!("{fault}");
    };
    assert_eq!(
        (status, excerpt.as_str()),
        (302, "a redirect, not followed")
    );
    assert_eq!(elsewhere.seen().len(), 0);
}

#[tokio::test]
async fn a_cut_reply_is_no_reply() {
    let cuts = [
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ErrorCode\":0}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n{\"ErrorCode\":0}\r\n",
        "HTTP/1.1 200 OK\r\nConte",
        "",
    ];
    for cut in cuts {
        let server = Loopback::start(move |_, _| Answer::SendAndClose(cut.as_bytes().to_vec()));
        let fault = fault(&client(&server)).await;
        let Fault::Unreachable { host, cause } = fault else {
            panic!("{cut:?}: {fault}");
        };
        assert!(host.starts_with("127.0.0.1:"));
        assert!(
            cause.as_str().contains("connection"),
            "{cut:?}: {}",
            cause.as_str()
        );
    }
}

#[tokio::test]
async fn silence_ends_with_the_call_s_own_time_out() {
    let server = Loopback::start(|_, _| Answer::Hang);
    let patience = Timing {
        call: Duration::from_millis(50),
        ..timing()
    };
    let client = Client::with_timing(access(&server), patience);
    let text = fault(&client).await.to_string();
    assert!(text.contains("no complete answer within 0.05 s"), "{text}");
}

#[tokio::test]
async fn a_dripping_reply_ends_with_it_too() {
    let server = Loopback::start(|_, _| {
        Answer::SendAndHang(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{".to_vec())
    });
    let patience = Timing {
        call: Duration::from_millis(50),
        ..timing()
    };
    let client = Client::with_timing(access(&server), patience);
    let text = fault(&client).await.to_string();
    assert!(text.contains("no complete answer"), "{text}");
}

#[tokio::test]
async fn a_closed_port_is_named() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port that was free a moment ago")
        .port();
    let server = Loopback::start(|_, _| empty());
    let endpoint = Endpoint::custom(&format!("http://127.0.0.1:{port}")).expect("loopback");
    let access = Access {
        endpoint,
        ..access(&server)
    };
    let text = fault(&Client::with_timing(access, timing()))
        .await
        .to_string();
    assert_eq!(
        text,
        format!("no answer from 127.0.0.1:{port}: connection refused")
    );
}

#[tokio::test]
async fn a_reply_of_more_than_four_mebibytes_is_refused() {
    let announced = Loopback::start(|_, _| {
        Answer::SendAndHang(b"HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n".to_vec())
    });
    assert_eq!(fault(&client(&announced)).await, Fault::TooLarge);
    let endless = Loopback::start(|_, _| {
        let mut reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for _ in 0..5 {
            reply.extend_from_slice(b"100000\r\n");
            reply.resize(reply.len() + 0x10_0000, b' ');
            reply.extend_from_slice(b"\r\n");
        }
        Answer::SendAndHang(reply)
    });
    assert_eq!(fault(&client(&endless)).await, Fault::TooLarge);
    assert!(endless.seen().len() == 1);
}
