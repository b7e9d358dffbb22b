//! The fault matrix of Modbus masters, row by row, over both transports: no wrong value, no false confirmation, no
//! panic, no wait without end, and a link that works again when the fault is over.
//!
//! One row of the matrix has no test because the link has no such request: the echo of function 06.

use std::time::Duration;

use line::{Link, LinkError, Transport};
use tokio::time::{Instant, timeout};

use crate::peer::{
    Act, BOTH, Heard, LONGEST_ANSWER, Peer, QUIET, REPLY_TIMEOUT, assert_unknown, config, registers,
};

const MS: Duration = Duration::from_millis(1);

/// A peer that answers the first request by `fault` and all others rightly.
fn once(transport: Transport, fault: impl Fn(&Heard) -> Vec<Act> + Send + 'static) -> Peer {
    Peer::new(transport, move |heard: &Heard| match heard.number {
        0 => fault(heard),
        _ => vec![Act::Send(heard.right())],
    })
}

/// Two reads of the same unit and length at different addresses, as two of one answer's victims would be.
async fn second_read_is_right(link: &mut Link) {
    assert_eq!(link.read(1, 120, 2).await, Ok(registers(120, 2)));
    assert_eq!(link.read(1, 240, 2).await, Ok(registers(240, 2)));
}

/// Runs a first read that must not succeed, in bounded time, and then reads that must.
async fn read_fails_then_recovers(transport: Transport, peer: &Peer) {
    let mut link = peer.link();
    let started = Instant::now();
    assert_unknown(link.read(1, 0, 2).await);
    assert!(started.elapsed() <= config(transport).deadline());
    second_read_is_right(&mut link).await;
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_is_not_taken_for_the_next() {
    for transport in BOTH {
        for late in [REPLY_TIMEOUT + MS, REPLY_TIMEOUT + QUIET * 3, LONGEST_ANSWER - MS] {
            let peer = once(transport, move |heard| vec![Act::Wait(late), Act::Send(heard.right())]);
            read_fails_then_recovers(transport, &peer).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_echo_does_not_confirm_the_next_write() {
    for transport in BOTH {
        let peer = Peer::new(transport, |heard: &Heard| match heard.number {
            0 => vec![Act::Wait(REPLY_TIMEOUT * 2), Act::Send(heard.right())],
            _ => vec![],
        });
        let mut link = peer.link();
        assert_eq!(link.write(1, 2048, &[1, 2]).await, Err(LinkError::Timeout));
        assert_eq!(link.write(1, 2048, &[3, 4]).await, Err(LinkError::Timeout));
    }
}

#[tokio::test(start_paused = true)]
async fn doubled_answers_do_no_harm() {
    for transport in BOTH {
        for gap in [Duration::ZERO, QUIET - MS] {
            let peer = Peer::new(transport, move |heard: &Heard| {
                vec![Act::Send(heard.right()), Act::Wait(gap), Act::Send(heard.right())]
            });
            let mut link = peer.link();
            for _ in 0..5 {
                second_read_is_right(&mut link).await;
            }
            assert_eq!(peer.connections(), 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_double_that_meets_the_next_request_is_told_by_its_transaction_id() {
    let peer = Peer::new(Transport::ModbusTcp, |heard: &Heard| match heard.number {
        1 => vec![Act::Send(heard.stale_reply(1, &heard.pdu_with(|_| 666))), Act::Send(heard.right())],
        _ => vec![Act::Send(heard.right())],
    });
    let mut link = peer.link();
    assert_eq!(link.read(1, 0, 2).await, Ok(registers(0, 2)));
    assert_unknown(link.read(1, 120, 2).await);
    assert_eq!(peer.connections(), 1);
    second_read_is_right(&mut link).await;
    assert_eq!(peer.connections(), 2, "the line was given up");
}

#[tokio::test(start_paused = true)]
async fn half_a_stray_frame_does_not_put_the_next_answer_out_of_step() {
    for transport in BOTH {
        let peer = once(transport, |heard| {
            let double = heard.right();
            vec![
                Act::Send([heard.right(), double[..5].to_vec()].concat()),
                Act::Wait(MS),
                Act::Send(double[5..].to_vec()),
            ]
        });
        let mut link = peer.link();
        assert_eq!(link.read(1, 0, 2).await, Ok(registers(0, 2)));
        second_read_is_right(&mut link).await;
        assert_eq!(peer.connections(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_with_other_than_the_registers_asked_for() {
    for transport in BOTH {
        for pdu in [&[3u8, 2, 0, 1][..], &[3, 6, 0, 1, 0, 2, 0, 3], &[3, 0], &[3, 4, 0, 1, 0], &[3]] {
            let peer = once(transport, move |heard| vec![Act::Send(heard.reply(pdu))]);
            read_fails_then_recovers(transport, &peer).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_another_function_or_of_another_unit() {
    for transport in BOTH {
        for pdu in [&[4u8, 4, 0, 1, 0, 2][..], &[0x90, 3], &[0x10, 0, 0, 0, 2], &[0x64, 1, 2]] {
            let peer = once(transport, move |heard| vec![Act::Send(heard.reply(pdu))]);
            read_fails_then_recovers(transport, &peer).await;
        }
        let peer = once(transport, |heard| vec![Act::Send(heard.reply_from(2, &heard.right_pdu()))]);
        read_fails_then_recovers(transport, &peer).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_exception_with_a_tail_is_no_refusal() {
    for transport in BOTH {
        let peer = once(transport, |heard| vec![Act::Send(heard.reply(&[0x90, 2, 0, 2]))]);
        assert_unknown(peer.link().write(1, 0, &[1]).await);
    }
}

#[tokio::test(start_paused = true)]
async fn an_echo_that_names_another_address_or_count_confirms_nothing() {
    for transport in BOTH {
        for pdu in [[0x10, 8, 1, 0, 2], [0x10, 8, 0, 0, 1], [0x10, 8, 0, 0, 3], [0x10, 0, 0, 0, 0]] {
            let peer = once(transport, move |heard| vec![Act::Send(heard.reply(&pdu))]);
            let mut link = peer.link();
            assert_unknown(link.write(1, 2048, &[1, 2]).await);
            assert_eq!(link.write(1, 2048, &[1, 2]).await, Ok(()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn noise_before_the_answer() {
    for noise in [1, 19, 25, 700] {
        for byte in [0x00, 0xFF, 0x01, 0x03] {
            let noisy = move |heard: &Heard| vec![Act::Send(vec![byte; noise]), Act::Send(heard.right())];
            let mut serial = once(Transport::RtuOverTcp, noisy).link();
            assert_eq!(serial.read(1, 0, 2).await, Ok(registers(0, 2)), "{noise} of {byte:#04x}");
            second_read_is_right(&mut serial).await;
            // A gateway's stream has no noise; if it has, it is out of step for good.
            read_fails_then_recovers(Transport::ModbusTcp, &once(Transport::ModbusTcp, noisy)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_corrupted_byte_count() {
    for transport in BOTH {
        for count in [0, 1, 2, 240, 255] {
            let peer = once(transport, move |heard| {
                let mut frame = heard.right();
                let at = frame.len() - if transport == Transport::RtuOverTcp { 2 } else { 0 } - 5;
                frame[at] = count;
                vec![Act::Send(frame)]
            });
            read_fails_then_recovers(transport, &peer).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn any_flipped_bit_of_a_serial_frame() {
    let bits = 9 * 8;
    for bit in 0..bits {
        let peer = once(Transport::RtuOverTcp, move |heard| {
            let mut frame = heard.right();
            assert_eq!(frame.len() * 8, bits);
            frame[bit / 8] ^= 1 << (bit % 8);
            vec![Act::Send(frame)]
        });
        read_fails_then_recovers(Transport::RtuOverTcp, &peer).await;
    }
}

#[tokio::test(start_paused = true)]
async fn any_flipped_bit_of_a_gateway_frame_but_in_the_values() {
    // Modbus TCP leaves the values to TCP's own checksum.
    for bit in 0..9 * 8 {
        let peer = once(Transport::ModbusTcp, move |heard| {
            let mut frame = heard.right();
            frame[bit / 8] ^= 1 << (bit % 8);
            vec![Act::Send(frame)]
        });
        read_fails_then_recovers(Transport::ModbusTcp, &peer).await;
    }
}

#[tokio::test(start_paused = true)]
async fn another_unit_answers_first() {
    let foreign = |heard: &Heard| {
        vec![
            Act::Send(heard.reply_from(2, &heard.pdu_with(|_| 666))),
            Act::Wait(MS),
            Act::Send(heard.right()),
        ]
    };
    let mut serial = once(Transport::RtuOverTcp, foreign).link();
    assert_eq!(serial.read(1, 0, 2).await, Ok(registers(0, 2)));
    second_read_is_right(&mut serial).await;
    read_fails_then_recovers(Transport::ModbusTcp, &once(Transport::ModbusTcp, foreign)).await;
}

#[tokio::test(start_paused = true)]
async fn a_two_wire_converter_echoes_the_request() {
    let peer = Peer::new(Transport::RtuOverTcp, |heard: &Heard| {
        vec![Act::Send(heard.frame.clone()), Act::Wait(MS), Act::Send(heard.right())]
    });
    let mut link = peer.link();
    second_read_is_right(&mut link).await;
    assert_eq!(link.write(1, 2048, &[7; 48]).await, Ok(()));
    let deaf = Peer::new(Transport::RtuOverTcp, |heard: &Heard| vec![Act::Send(heard.frame.clone())]);
    assert_unknown(deaf.link().write(1, 2048, &[7; 48]).await);
    assert_unknown(deaf.link().read(1, 0, 2).await);
}

#[tokio::test(start_paused = true)]
async fn silence_and_half_an_answer() {
    for transport in BOTH {
        for length in 0..9 {
            let peer = once(transport, move |heard| vec![Act::Send(heard.right()[..length].to_vec())]);
            read_fails_then_recovers(transport, &peer).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_peer_closes() {
    for transport in BOTH {
        for length in [0, 4] {
            let peer =
                once(transport, move |heard| vec![Act::Send(heard.right()[..length].to_vec()), Act::Close]);
            let mut link = peer.link();
            let error = link.read(1, 0, 2).await.unwrap_err();
            assert!(matches!(error, LinkError::Lost(_)), "{error}");
            second_read_is_right(&mut link).await;
            assert_eq!(peer.connections(), 2);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_closed_while_idle_is_made_anew_without_an_error() {
    for transport in BOTH {
        let peer = once(transport, |heard| vec![Act::Send(heard.right()), Act::Close]);
        let mut link = peer.link();
        assert_eq!(link.read(1, 0, 2).await, Ok(registers(0, 2)));
        second_read_is_right(&mut link).await;
        assert_eq!(peer.connections(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_that_never_falls_silent_is_given_up_in_time() {
    for transport in BOTH {
        let before_sending = config(transport).quarantine;
        for dropped_after in [Duration::ZERO, QUIET - MS, before_sending + QUIET + REPLY_TIMEOUT / 2] {
            let peer = once(transport, |heard| vec![Act::Wait(REPLY_TIMEOUT), Act::Send(heard.right())]);
            let mut link = peer.link();
            assert!(timeout(dropped_after, link.read(1, 0, 2)).await.is_err());
            // If the first request was never sent, this one meets the fault.
            if peer.heard() == 0 {
                assert_unknown(link.read(1, 0, 2).await);
            }
            second_read_is_right(&mut link).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_serial_line_is_not_trusted_because_the_connection_is_new() {
    let peer = once(Transport::RtuOverTcp, |heard| vec![Act::Wait(REPLY_TIMEOUT), Act::Send(heard.right())]);
    let mut died = peer.link();
    let sent = config(Transport::RtuOverTcp).quarantine + QUIET;
    assert!(timeout(sent, died.read(1, 0, 2)).await.is_err());
    assert_eq!(peer.heard(), 1);
    drop(died);
    let mut successor = peer.link();
    second_read_is_right(&mut successor).await;
}
