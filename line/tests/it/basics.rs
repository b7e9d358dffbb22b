//! The strict link on a line without faults, on loopback sockets, and against a server that we did not write.

use std::future;
use std::net::SocketAddr;

use line::{Identity, Link, LinkConfig, LinkError, Transport};
use meter_core::modbus::pdu::Exception;
use tokio::net::TcpListener;
use tokio_modbus::prelude::{ExceptionCode, Request, Response, SlaveRequest};
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::{Server, accept_tcp_connection};

use crate::peer::{Act, BOTH, Heard, Peer, config, registers};

fn right(heard: &Heard) -> Vec<Act> {
    vec![Act::Send(heard.right())]
}

#[tokio::test(start_paused = true)]
async fn reads_and_writes_over_one_connection() {
    for transport in BOTH {
        let peer = Peer::new(transport, right);
        let mut link = peer.link();
        assert_eq!(link.read(1, 120, 120).await, Ok(registers(120, 120)));
        assert_eq!(link.write(1, 2048, &[1, 2, 3]).await, Ok(()));
        assert_eq!(link.read(247, 0, 1).await, Ok(registers(0, 1)));
        assert_eq!(peer.connections(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_modbus_does_not_allow_is_never_sent() {
    for transport in BOTH {
        let peer = Peer::new(transport, right);
        let mut link = peer.link();
        for (unit, count) in [(0, 1), (1, 0), (1, 126)] {
            assert!(matches!(link.read(unit, 0, count).await, Err(LinkError::Invalid(_))));
        }
        for (unit, count) in [(0, 1), (1, 0), (1, 124)] {
            assert!(matches!(link.write(unit, 0, &vec![7; count]).await, Err(LinkError::Invalid(_))));
        }
        assert_eq!(peer.heard(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_an_answer() {
    for transport in BOTH {
        let peer = Peer::new(transport, |heard: &Heard| {
            let pdu = if heard.number == 0 { vec![heard.pdu[0] | 0x80, 2] } else { heard.right_pdu() };
            vec![Act::Send(heard.reply(&pdu))]
        });
        let mut link = peer.link();
        assert_eq!(link.write(1, 9, &[1]).await, Err(LinkError::Exception(Exception::IllegalAddress)));
        assert_eq!(link.read(1, 0, 2).await, Ok(registers(0, 2)));
        assert_eq!(peer.connections(), 1, "a refusal is no reason to distrust the line");
    }
}

#[tokio::test(start_paused = true)]
async fn identification_is_gathered_from_several_replies() {
    for transport in BOTH {
        let peer = Peer::new(transport, |heard: &Heard| {
            let pdu: &[u8] = match heard.pdu[3] {
                0 => b"\x2b\x0e\x01\x82\xff\x02\x02\x00\x04Watt\x01\x05WM-11",
                2 => b"\x2b\x0e\x01\x82\x00\x00\x01\x02\x041.0\n",
                other => panic!("asked for object {other}"),
            };
            vec![Act::Send(heard.reply(pdu))]
        });
        let identity = Identity { vendor: "Watt".into(), product: "WM-11".into(), revision: "1.0".into() };
        assert_eq!(peer.link().identify(1).await, Ok(identity));
    }
}

#[tokio::test(start_paused = true)]
async fn an_endless_identification_ends() {
    for transport in BOTH {
        for step in [0, 1] {
            let peer = Peer::new(transport, move |heard: &Heard| {
                let next = heard.pdu[3] + step;
                vec![Act::Send(heard.reply(&[0x2B, 0x0E, 1, 0x82, 0xFF, next, 0]))]
            });
            assert!(matches!(peer.link().identify(1).await, Err(LinkError::BadReply(_))));
            assert!(peer.heard() <= 4);
        }
    }
}

async fn loopback() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[tokio::test]
async fn over_a_loopback_socket() {
    for transport in BOTH {
        let (listener, address) = loopback().await;
        let peer = Peer::new(transport, right);
        let serving = tokio::spawn(async move { peer.serve(listener.accept().await.unwrap().0).await });
        let mut link = Link::new(transport, address.to_string(), config(transport));
        assert_eq!(link.read(1, 0, 125).await, Ok(registers(0, 125)));
        assert_eq!(link.write(1, 0, &[7; 123]).await, Ok(()));
        drop(link);
        serving.await.unwrap();
    }
}

#[tokio::test]
async fn a_closed_port_is_unreachable_and_nothing_was_sent() {
    for transport in BOTH {
        let (listener, address) = loopback().await;
        drop(listener);
        let mut link = Link::new(transport, address.to_string(), LinkConfig::usual(transport));
        let error = link.write(1, 0, &[1]).await.unwrap_err();
        assert!(matches!(error, LinkError::Unreachable(_)), "{error}");
        assert!(!error.outcome_unknown());
    }
}

struct Slave;

impl Service for Slave {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = future::Ready<Result<Response, ExceptionCode>>;

    fn call(&self, request: Self::Request) -> Self::Future {
        future::ready(match request.request {
            Request::ReadHoldingRegisters(address, count) => {
                Ok(Response::ReadHoldingRegisters(registers(address, count)))
            }
            Request::WriteMultipleRegisters(address, values) => {
                Ok(Response::WriteMultipleRegisters(address, u16::try_from(values.len()).unwrap()))
            }
            _ => Err(ExceptionCode::IllegalFunction),
        })
    }
}

#[tokio::test]
async fn against_an_independent_modbus_tcp_server() {
    let (listener, address) = loopback().await;
    let serving = tokio::spawn(async move {
        let accept = |stream, peer| async move { accept_tcp_connection(stream, peer, |_| Ok(Some(Slave))) };
        Server::new(listener).serve(&accept, |error| panic!("{error}")).await
    });
    let mut link =
        Link::new(Transport::ModbusTcp, address.to_string(), LinkConfig::usual(Transport::ModbusTcp));
    assert_eq!(link.read(9, 240, 120).await, Ok(registers(240, 120)));
    assert_eq!(link.write(9, 2048, &[1, 2]).await, Ok(()));
    assert_eq!(link.identify(9).await, Err(LinkError::Exception(Exception::IllegalFunction)));
    serving.abort();
}
